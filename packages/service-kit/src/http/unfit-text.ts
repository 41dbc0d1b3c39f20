import type { ProblemItem } from '@smartserver/contracts';

/**
 * Text that JSON can carry and PostgreSQL cannot store: NUL, and halves of surrogate pairs. Refused here, before any handler
 * runs: each would answer 500 otherwise.
 */
const UNFIT_ESCAPE = /\\u(?:0000|d[89a-f])/i;
const NUL = String.fromCharCode(0);

/** Quick look at the raw JSON: almost no body needs the walk. Raw bytes cannot carry either: JSON and UTF-8 forbid it. */
export const mayHoldUnfitText = (json: string): boolean => UNFIT_ESCAPE.test(json);

/** With the flag `u` a whole pair is one character and does not match. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const isUnfit = (text: string): boolean => text.includes(NUL) || LONE_SURROGATE.test(text);

/** The places of a parsed value that hold such text. No recursion: a caller decides how deep the value is. */
export const unfitPlaces = (root: unknown, rootPointer: string): ProblemItem[] => {
  const found: ProblemItem[] = [];
  const open: [value: unknown, pointer: string][] = [[root, rootPointer]];
  for (let next = open.pop(); next !== undefined && found.length < MAX_PLACES; next = open.pop()) {
    const [value, pointer] = next;
    if (typeof value === 'string' && isUnfit(value)) found.push(unfit(pointer));
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, part] of Object.entries(value)) {
      if (isUnfit(name)) found.push(unfit(pointer));
      else open.push([part, pointer.length > MAX_POINTER ? pointer : `${pointer}/${escapePointer(name)}`]);
    }
  }
  return found;
};

const MAX_PLACES = 20;
const MAX_POINTER = 500;

const unfit = (pointer: string): ProblemItem => ({
  pointer,
  code: 'wrong_format',
  detail: 'holds a character that text may not hold',
});

/** RFC 6901. Bounded: a field's name comes from the caller. */
export const escapePointer = (name: string): string => name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
