import { renderToStaticMarkup } from 'react-dom/server';
import type { Letter, RenderedLetter, Unsubscribe } from './letter.ts';
import { LetterEmail } from './letter-email.tsx';
import { renderText } from './letter-text.ts';

/** @param unsubscribe the way out, of digests; null where the e-mail is about an event that its reader has to know of */
export const renderLetter = (letter: Letter, unsubscribe: Unsubscribe | null = null): RenderedLetter => {
  // Synchronous, so that it can be done within a transaction without giving up the turn.
  const html = renderToStaticMarkup(<LetterEmail letter={letter} unsubscribe={unsubscribe} />);
  return { headline: letter.headline, text: renderText(letter, unsubscribe), html: `<!doctype html>\n${html}\n` };
};
