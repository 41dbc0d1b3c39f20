import type { ProblemItem } from '@smartserver/contracts';

/**
 * Text that JSON can carry and PostgreSQL cannot hold: NUL, and halves of surrogate pairs. Refused once, here, before any
 * service sees it; otherwise each of them would answer 500.
 */
const UNFIT_ESCAPE = /\\u(?:0000|d[89a-f])/i;
const NUL = String.fromCharCode(0);

/** Quick look at the raw JSON: almost no body needs the walk. Raw bytes cannot carry either: JSON and UTF-8 forbid it. */
export const mayHoldUnfitText = (json: string): boolean => UNFIT_ESCAPE.test(json);

/** Half of a pair, with the flag `u`: whole pairs are one character and do not match. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const isUnfit = (text: string): boolean => text.includes(NUL) || LONE_SURROGATE.test(text);

/** The places of a parsed value that hold such text. */
export const unfitPlaces = (value: unknown, pointer: string): ProblemItem[] => {
  if (typeof value === 'string') return isUnfit(value) ? [unfit(pointer)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    isUnfit(name) ? [unfit(pointer)] : unfitPlaces(part, `${pointer}/${escapePointer(name)}`),
  );
};

const unfit = (pointer: string): ProblemItem => ({
  pointer,
  code: 'wrong_format',
  detail: 'holds a character that text may not hold',
});

/** RFC 6901. Bounded: a field's name comes from the caller. */
export const escapePointer = (name: string): string => name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
