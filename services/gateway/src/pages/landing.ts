import type { Page } from './layout.ts';

export const landingPage: Page = {
  url: '/',
  title: 'SmartServer License Management',
  body: `
      <h1>Licenses, from the purchase to the SmartServer</h1>
      <p class="lead">Partners transfer what they have bought to their customers and projects; a SmartServer downloads its
      licenses from there, and returns them. This is the API of all of it.</p>
      <ul class="cards">
        <li><a href="/docs"><strong>API reference</strong><span>Every operation, with its fields, scopes and errors. Try it from the page.</span></a></li>
        <li><a href="/openapi.json"><strong>OpenAPI document</strong><span>The same for machines: generate a client from it.</span></a></li>
        <li><a href="/problems"><strong>Problem codes</strong><span>What an error means and what to do about it.</span></a></li>
        <li><a href="/readyz"><strong>Status</strong><span>Whether the system and each of its parts is ready.</span></a></li>
      </ul>`,
};
