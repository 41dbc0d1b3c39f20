import type { Language } from '@smartserver/contracts';

/** What an e-mail says, without its form. All texts are plain: rendering escapes them. */
export type Letter = {
  language: Language;
  /** Becomes the subject and the heading. */
  headline: string;
  greeting: string;
  paragraphs: string[];
  facts: { label: string; value: string }[];
  table: { caption: string; columns: string[]; rows: string[][] } | null;
  /** What to do when it was not expected. */
  advice: { heading: string; text: string };
  footer: string;
};

/** An e-mail ready to be sent. */
export type RenderedLetter = { headline: string; text: string; html: string };

const maxNameLength = 200;

/** Control characters, line and paragraph separators, and marks that turn the reading direction around. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/**
 * A name that people chose, made fit for a subject line and a body: one line, no control characters, no reversed reading
 * direction, at most 200 characters. Without it a line break would start a new header or a fake paragraph.
 */
export function oneLine(text: string): string {
  const clean = text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim();
  const characters = Array.from(clean);
  return characters.length <= maxNameLength ? clean : `${characters.slice(0, maxNameLength - 1).join('')}…`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, in an element or an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

export function renderLetter(letter: Letter): RenderedLetter {
  return { headline: letter.headline, text: renderText(letter), html: renderHtml(letter) };
}

function renderText(letter: Letter): string {
  const width = Math.max(...letter.facts.map(({ label }) => label.length)) + 3;
  const facts = letter.facts.map(({ label, value }) => `${`${label}:`.padEnd(width)}${value}`);
  const blocks = [letter.greeting, ...letter.paragraphs, facts.join('\n')];
  if (letter.table) {
    const { caption, columns, rows } = letter.table;
    const entries = rows.map((row) =>
      row.map((cell, index) => `${index === 0 ? '- ' : '  '}${columns[index]}: ${cell}`).join('\n'),
    );
    blocks.push(`${caption}:`, ...entries);
  }
  blocks.push(`${letter.advice.heading}\n${letter.advice.text}`, `-- \n${letter.footer}`);
  return `${blocks.join('\n\n')}\n`;
}

const cell = 'padding:6px 12px 6px 0;text-align:left;vertical-align:top';

// Styles are inline, because mail programs drop style sheets. Real headings and header cells serve screen readers.
function renderHtml(letter: Letter): string {
  const e = escapeHtml;
  const facts = letter.facts.map(
    ({ label, value }) =>
      `<tr><th scope="row" style="${cell};font-weight:600">${e(label)}</th><td style="${cell}">${e(value)}</td></tr>`,
  );
  const lines = [
    '<!doctype html>',
    `<html lang="${letter.language}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${e(letter.headline)}</title>`,
    '</head>',
    '<body style="margin:0;padding:24px;background:#ffffff;color:#1a1a1a;font:16px/1.5 Arial,Helvetica,sans-serif">',
    '<main style="max-width:640px;margin:0 auto">',
    `<h1 style="font-size:22px;line-height:1.3;margin:0 0 16px">${e(letter.headline)}</h1>`,
    `<p>${e(letter.greeting)}</p>`,
    ...letter.paragraphs.map((paragraph) => `<p>${e(paragraph)}</p>`),
    '<table style="border-collapse:collapse;margin:16px 0">',
    ...facts,
    '</table>',
    ...(letter.table ? htmlTable(letter.table) : []),
    `<h2 style="font-size:18px;line-height:1.3;margin:24px 0 8px">${e(letter.advice.heading)}</h2>`,
    `<p>${e(letter.advice.text)}</p>`,
    `<p style="margin-top:32px;padding-top:12px;border-top:1px solid #c8c8c8;color:#555555;font-size:14px">${e(letter.footer)}</p>`,
    '</main>',
    '</body>',
    '</html>',
  ];
  return `${lines.join('\n')}\n`;
}

function htmlTable({ caption, columns, rows }: NonNullable<Letter['table']>): string[] {
  const border = 'border-bottom:1px solid #c8c8c8';
  const head = columns.map(
    (column) => `<th scope="col" style="${cell};${border};font-weight:600">${escapeHtml(column)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map((text) => `<td style="${cell};${border}">${escapeHtml(text)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return [
    '<table style="border-collapse:collapse;width:100%;margin:16px 0">',
    `<caption style="text-align:left;font-weight:600;padding-bottom:4px">${escapeHtml(caption)}</caption>`,
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${body.join('')}</tbody>`,
    '</table>',
  ];
}
