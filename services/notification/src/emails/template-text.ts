import type { EmailContent, Unsubscribe } from './content.ts';

/** The plain text of an e-mail: what is read aloud, on small screens, and where HTML is not wanted. */
export const renderText = (content: EmailContent, unsubscribe: Unsubscribe | null): string => {
  const width = Math.max(...content.facts.map(({ label }) => label.length)) + 3;
  const facts = content.facts.map(({ label, value }) => `${`${label}:`.padEnd(width)}${value}`);
  const code = content.code === undefined ? [] : [`${content.code.label} ${content.code.value}.`];
  const blocks = [content.greeting, ...code, ...content.paragraphs, facts.join('\n')];
  if (content.table) {
    const { caption, columns, rows } = content.table;
    const entries = rows.map((row) =>
      row.map((cell, index) => `${index === 0 ? '- ' : '  '}${columns[index]}: ${cell}`).join('\n'),
    );
    blocks.push(`${caption}:`, ...entries);
  }
  blocks.push(`${content.advice.heading}\n${content.advice.text}`, `-- \n${content.footer}`);
  if (unsubscribe !== null) blocks.push(`${unsubscribe.label}\n${unsubscribe.url}`);
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
};
