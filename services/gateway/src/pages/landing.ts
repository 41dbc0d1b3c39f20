import type { Page } from './layout.ts';

export const landingPage: Page = {
  url: '/',
  title: 'SmartServer License Management',
  body: `
      <h1>Licenses, from the purchase to the SmartServer</h1>
      <p class="lead">Partners transfer what they have bought to their customers and projects; a SmartServer downloads its
      licenses from there, and returns them. A SmartServer without Internet gets them as a file.</p>
      <ul class="cards">
        <li><a href="/portal/"><strong>License Customer Portal</strong><span>For customers: make the activation file of a SmartServer without Internet, fetch it again, return licenses.</span></a></li>
        <li><a href="/docs"><strong>API reference</strong><span>Every operation, with its fields, scopes and errors. Try it from the page.</span></a></li>
        <li><a href="/openapi.json"><strong>OpenAPI document</strong><span>The same for machines: generate a client from it.</span></a></li>
        <li><a href="/problems"><strong>Problem codes</strong><span>What an error means and what to do about it.</span></a></li>
        <li><a href="/readyz"><strong>Status</strong><span>Whether the system and each of its parts is ready.</span></a></li>
      </ul>`,
};
