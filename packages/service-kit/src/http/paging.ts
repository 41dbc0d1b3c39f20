import { problem } from './problems.ts';

/** What the list is sorted by: row ids, a text, or keys that a predicate accepts. */
export type CursorKey = 'uuid' | 'text' | ((key: string) => boolean);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const badCursor = () =>
  problem('validation_failed', {
    errors: [
      { pointer: 'query/cursor', code: 'wrong_format', detail: 'is not a `nextCursor` that a page of this list gave' },
    ],
  });

/**
 * The key after which the page starts, null for the first page.
 * @param key what the list is sorted by. Anyone can make up a cursor, and PostgreSQL refuses a text where it needs a UUID.
 * @throws ProblemError validation_failed at query/cursor
 */
export const decodeCursor = (cursor: string | undefined, key: CursorKey = 'uuid'): string | null => {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const isOurs = text !== '' && encodeCursor(text) === cursor && !text.includes('\0');
  if (!isOurs || !hasForm(text, key)) throw badCursor();
  return text;
};

const hasForm = (text: string, key: CursorKey): boolean => {
  if (typeof key === 'function') return key(text);
  return key === 'text' || UUID.test(text);
};

const encodeCursor = (key: string): string => Buffer.from(key, 'utf8').toString('base64url');

/**
 * One page of a keyset list. Stable under inserts: the cursor is the key of the last row, not a count.
 * @param rows up to `limit + 1` rows, in the order of their keys; one more than `limit` means that there is another page
 */
export const toPage = <R>(
  rows: R[],
  limit: number,
  key: (row: R) => string,
): { rows: R[]; nextCursor: string | null } => {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null };
};
