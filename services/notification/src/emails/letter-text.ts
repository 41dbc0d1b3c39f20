import type { Letter, Unsubscribe } from './letter.ts';

/** The plain text of an e-mail: what is read aloud, on small screens, and where HTML is not wanted. */
export const renderText = (letter: Letter, unsubscribe: Unsubscribe | null): string => {
  const width = Math.max(...letter.facts.map(({ label }) => label.length)) + 3;
  const facts = letter.facts.map(({ label, value }) => `${`${label}:`.padEnd(width)}${value}`);
  const code = letter.code === undefined ? [] : [`${letter.code.label} ${letter.code.value}.`];
  const blocks = [letter.greeting, ...code, ...letter.paragraphs, facts.join('\n')];
  if (letter.table) {
    const { caption, columns, rows } = letter.table;
    const entries = rows.map((row) =>
      row.map((cell, index) => `${index === 0 ? '- ' : '  '}${columns[index]}: ${cell}`).join('\n'),
    );
    blocks.push(`${caption}:`, ...entries);
  }
  blocks.push(`${letter.advice.heading}\n${letter.advice.text}`, `-- \n${letter.footer}`);
  if (unsubscribe !== null) blocks.push(`${unsubscribe.label}\n${unsubscribe.url}`);
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
};
