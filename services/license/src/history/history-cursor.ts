import { problem } from '@smartserver/service-kit';

/** Place of an entry in the story of its license. */
export type HistoryKey = { at: Date; sourceId: string };

const KEY = /^(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The two columns that a history is sorted by, as one text for the cursor. */
export const toCursorKey = (key: HistoryKey): string => `${key.at.getTime()}_${key.sourceId}`;

/** @throws ProblemError validation_failed at query/cursor, for a text that no page of a history gave */
export const fromCursorKey = (text: string | null): HistoryKey | null => {
  if (text === null) return null;
  const [, milliseconds, sourceId] = KEY.exec(text) ?? [];
  if (milliseconds === undefined || sourceId === undefined) {
    throw problem('validation_failed', {
      errors: [{ pointer: 'query/cursor', code: 'wrong_format', detail: 'is not a `nextCursor` of this list' }],
    });
  }
  return { at: new Date(Number(milliseconds)), sourceId };
};
