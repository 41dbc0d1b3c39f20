import type { FastifyReply } from 'fastify';

/** Nothing from elsewhere, nothing inline; `data:` for the small pictures in Swagger UI's style sheet. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

export type Page = {
  url: string;
  /** Plain text. */
  title: string;
  /** HTML. */
  body: string;
  /** HTML, for further style sheets and scripts. */
  head?: string;
};

const NAVIGATION = [
  { url: '/docs', label: 'API reference' },
  { url: '/problems', label: 'Problem codes' },
  { url: '/readyz', label: 'Status' },
];

const navigation = (current: string): string =>
  NAVIGATION.map(({ url, label }) => {
    const here = current === url || current.startsWith(`${url}/`) ? ' aria-current="page"' : '';
    return `<a href="${url}"${here}>${label}</a>`;
  }).join('\n        ');

const render = ({ url, title, body, head = '' }: Page): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/assets/gateway.css">
    ${head}
  </head>
  <body>
    <header class="bar">
      <a class="name" href="/"><img src="/assets/icon.svg" alt="" width="28" height="28">SmartServer License Management</a>
      <nav class="pages" aria-label="Pages">
        ${navigation(url)}
      </nav>
    </header>
    <main>
${body}
    </main>
  </body>
</html>
`;

export const sendPage = (reply: FastifyReply, page: Page): FastifyReply =>
  reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(render(page));
