import type { Language } from '@smartserver/contracts';
import { renderToStaticMarkup } from 'react-dom/server';
import { UNSUBSCRIBE_WORDS } from './words.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 2rem 1rem; background: #eef1f4; color: #1b2733; }
main { max-width: 32rem; margin: 0 auto; padding: 1.5rem; border-radius: 8px; background: #fff; overflow-wrap: anywhere; }
h1 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.3; }
button { min-height: 2.75rem; padding: .5rem 1.25rem; border: 0; border-radius: 6px; background: #0b5cad; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible { outline: 3px solid #7fb4e6; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { background: #10161c; color: #e6ebf0; }
  main { background: #1b242d; }
  button { background: #7fb4e6; color: #10161c; }
}`;

/** No script, nothing from elsewhere: the form is all that the page can do. */
export const UNSUBSCRIBE_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The page behind the link. Opening it changes nothing: mail scanners open links, too. */
export const renderUnsubscribePage = (options: {
  language: Language;
  recipient: string;
  token: string;
  unsubscribed: boolean;
}): string => {
  const { language, recipient, token, unsubscribed } = options;
  const words = UNSUBSCRIBE_WORDS[language];
  const action = `/v1/unsubscriptions/${token}${unsubscribed ? '/undo' : ''}`;
  const page = renderToStaticMarkup(
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{words.title}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <h1>{unsubscribed ? words.done : words.title}</h1>
          <p>{unsubscribed ? words.doneText(recipient) : words.ask(recipient)}</p>
          <p>{words.consequence}</p>
          <form method="post" action={action}>
            <button type="submit">{unsubscribed ? words.undo : words.yes}</button>
          </form>
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>\n${page}\n`;
};
