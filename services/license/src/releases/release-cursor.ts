import { problem } from '@smartserver/service-kit';

const KEY = /^(\d{1,3})_(\d{1,3})_(\d{1,3})_(-1|\d{1,6})$/;

/** The numbers that the catalogue is sorted by, as one text for the cursor. */
export const toCursorKey = (key: readonly number[]): string => key.join('_');

/** @throws ProblemError validation_failed at query/cursor, for a text that no page of the catalogue gave */
export const fromCursorKey = (text: string | null): number[] | null => {
  if (text === null) return null;
  const match = KEY.exec(text);
  if (match === null) {
    throw problem('validation_failed', {
      errors: [{ pointer: 'query/cursor', code: 'wrong_format', detail: 'is not a `nextCursor` of this list' }],
    });
  }
  return match.slice(1).map(Number);
};
