import type { SunkMail } from '@smartserver/mail-sink';
import type { FastifyInstance, FastifyReply } from 'fastify';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem; }
h1 { font-size: 1.4rem; } a { color: light-dark(#0b5cad, #7db8f5); }
ul { list-style: none; padding: 0; } li { border-top: 1px solid #8884; padding: .6rem 0; }
small { opacity: .75; display: block; overflow-wrap: anywhere; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
iframe { border: 1px solid #8886; width: 100%; height: 30rem; background: #fff; }`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${escapeHtml(title)}</title><style>${STYLE}</style><main>${body}</main></html>`;

const send = (reply: FastifyReply, html: string, policy: string) =>
  reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .header('cache-control', 'no-store')
    .send(html);

const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'";
/** A message is foreign HTML: shown in a sandbox, without scripts and without fetching anything. */
const MESSAGE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const listPage = (messages: readonly SunkMail[]): string => {
  const rows = messages.map(
    (message, index) =>
      `<li><a href="/dev/mail/${index}">${escapeHtml(message.subject)}</a>` +
      `<small>to ${escapeHtml(message.to.join(', '))} · ${message.receivedAt.toISOString()}</small></li>`,
  );
  const none = '<p>No e-mail yet. Run <code>npm run demo</code>, then reload.</p>';
  return page(
    'E-mails',
    `<h1>E-mails of this system</h1>${rows.length ? `<ul>${rows.reverse().join('')}</ul>` : none}`,
  );
};

const messagePage = (message: SunkMail, index: number): string =>
  page(
    message.subject,
    `<p><a href="/dev/mail">All e-mails</a></p><h1>${escapeHtml(message.subject)}</h1>` +
      `<small>from ${escapeHtml(message.from)} to ${escapeHtml(message.to.join(', '))} · ${message.receivedAt.toISOString()} · ${escapeHtml(message.messageId)}</small>` +
      (message.html
        ? `<h2>As HTML</h2><iframe title="The message as HTML" src="/dev/mail/${index}/html"></iframe>`
        : '') +
      `<h2>As text</h2><pre>${escapeHtml(message.text)}</pre>`,
  );

/** `/dev/mail`: what the system has sent, for people who try it. Never mounted in production. */
export function mailPages(messages: readonly SunkMail[]): (app: FastifyInstance) => void {
  return (app) => {
    app.get('/dev/mail', (_request, reply) => send(reply, listPage(messages), PAGE_POLICY));
    app.get('/dev/mail.json', (_request, reply) => reply.header('cache-control', 'no-store').send(messages));
    app.get<{ Params: { index: string } }>('/dev/mail/:index', (request, reply) => {
      const index = Number(request.params.index);
      const message = messages[index];
      if (!message) return reply.callNotFound();
      return send(reply, messagePage(message, index), PAGE_POLICY);
    });
    app.get<{ Params: { index: string } }>('/dev/mail/:index/html', (request, reply) => {
      const message = messages[Number(request.params.index)];
      if (!message?.html) return reply.callNotFound();
      return send(reply, message.html, MESSAGE_POLICY);
    });
  };
}
