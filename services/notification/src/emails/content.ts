import type { Language } from '@smartserver/contracts';

/** What an e-mail says, without its form. All texts are plain: rendering escapes them. */
export type EmailContent = {
  language: Language;
  /** Becomes the subject and the heading. */
  headline: string;
  greeting: string;
  /** What is to be typed in: `Your code is` and the code, which is shown large. */
  code?: { label: string; value: string };
  paragraphs: string[];
  facts: { label: string; value: string }[];
  table: { caption: string; columns: string[]; rows: string[][] } | null;
  /** What to do when it was not expected. */
  advice: { heading: string; text: string };
  footer: string;
};

/** The way out of e-mails that come by themselves (RFC 8058). */
export type Unsubscribe = { label: string; url: string };

/** An e-mail ready to be sent. */
export type RenderedEmail = { headline: string; text: string; html: string };

const maxNameLength = 200;

/** Control characters, line and paragraph separators, and marks that turn the reading direction around. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/**
 * A name that people chose, made fit for a subject line and a body: one line, no control characters, no reversed reading
 * direction, at most 200 characters. Without it a line break would start a new header or a fake paragraph.
 */
export const oneLine = (text: string): string => {
  const clean = text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim();
  const characters = Array.from(clean);
  return characters.length <= maxNameLength ? clean : `${characters.slice(0, maxNameLength - 1).join('')}…`;
};
