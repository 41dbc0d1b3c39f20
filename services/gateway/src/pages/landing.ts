import type { Page } from './layout.ts';

export const landingPage: Page = {
  url: '/',
  title: 'SmartServer License Management',
  body: `
      <h1>SmartServer License Management</h1>
      <p class="lead">From a partner’s purchase to a license that is active on a SmartServer: inventories, customers and projects,
      transfers, activation and return, signed license documents.</p>
      <ul class="cards">
        <li><a href="/docs"><strong>API reference</strong><span>Every operation, with its fields, scopes and errors. Try it from the page.</span></a></li>
        <li><a href="/openapi.json"><strong>OpenAPI document</strong><span>The same for machines: generate a client from it.</span></a></li>
        <li><a href="/problems"><strong>Problem codes</strong><span>What an error means and what to do about it.</span></a></li>
        <li><a href="/readyz"><strong>Status</strong><span>Whether the system and each of its parts is ready.</span></a></li>
      </ul>`,
};
