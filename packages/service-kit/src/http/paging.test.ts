import { systemIds } from '../ids.ts';
import { decodeCursor, toPage } from './paging.ts';

const rows = (count: number) =>
  Array.from({ length: count }, () => ({ id: systemIds.ordered() })).sort((a, b) => (a.id < b.id ? -1 : 1));

describe('a page', () => {
  test('ends with the key after which the next one starts', () => {
    const all = rows(5);
    const first = toPage(all.slice(0, 3), 2, (row) => row.id);
    expect(first.rows).toEqual(all.slice(0, 2));
    expect(decodeCursor(first.nextCursor ?? undefined)).toBe(all[1]?.id);
  });

  test('has no next one when there are no more rows than it holds', () => {
    expect(toPage(rows(2), 2, (row) => row.id).nextCursor).toBeNull();
    expect(toPage([], 2, () => 'x')).toEqual({ rows: [], nextCursor: null });
  });

  test('is the first one without a cursor', () => {
    expect(decodeCursor(undefined)).toBeNull();
  });

  test.each(['', 'x', '!!', Buffer.from('no uuid').toString('base64url'), Buffer.from('a\0').toString('base64url')])(
    'refuses the made-up cursor %p',
    (cursor) => {
      const refusal = { code: 'validation_failed', errors: [{ pointer: 'query/cursor' }] };
      expect(() => decodeCursor(cursor)).toThrow(expect.objectContaining({ code: refusal.code }));
      const made = Buffer.from(systemIds.ordered()).toString('base64url');
      expect(() => decodeCursor(`${made}=`)).toThrow();
    },
  );

  test('may be sorted by a text', () => {
    const { nextCursor } = toPage([{ code: 'Ä-1' }, { code: 'Ä-2' }], 1, (row) => row.code);
    expect(decodeCursor(nextCursor ?? undefined, 'text')).toBe('Ä-1');
    expect(() => decodeCursor(nextCursor ?? undefined)).toThrow();
    expect(() => decodeCursor(Buffer.from('a\0').toString('base64url'), 'text')).toThrow();
    expect(() => decodeCursor(Buffer.from([0xff, 0xfe]).toString('base64url'), 'text')).toThrow();
  });
});
