import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderToStaticMarkup } from 'react-dom/server';
import { renderEmail } from '../emails/template.tsx';
import { samples } from './samples.ts';

/** `npm run emails [FOLDER]`: every e-mail with sample data, as HTML and as text, and a page that lists them. */
const folder = resolve(process.argv[2] ?? '.data/emails');
mkdirSync(folder, { recursive: true });

const emails = samples().map(({ name, language, content, unsubscribe }) => {
  const file = `${name}.${language}`;
  const { headline, text, html } = renderEmail(content, unsubscribe);
  writeFileSync(join(folder, `${file}.html`), html);
  writeFileSync(join(folder, `${file}.txt`), text);
  return { file, headline, language };
});

const index = renderToStaticMarkup(
  <html lang="en">
    <head>
      <meta charSet="utf-8" />
      <title>E-mails</title>
    </head>
    <body>
      <h1>E-mails</h1>
      <ul>
        {emails.map(({ file, headline, language }) => (
          <li key={file}>
            {headline} ({language}): <a href={`${file}.html`}>HTML</a>, <a href={`${file}.txt`}>text</a>
          </li>
        ))}
      </ul>
    </body>
  </html>,
);
writeFileSync(join(folder, 'index.html'), `<!doctype html>\n${index}\n`);
console.log(`${emails.length} e-mails: ${pathToFileURL(join(folder, 'index.html'))}`);
