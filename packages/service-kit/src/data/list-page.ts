import { type SelectQueryBuilder, sql } from 'kysely';
import { type CursorKey, decodeCursor, toPage } from '../http/paging.ts';

/** Items on a page whose request names no limit [api.md]. */
const DEFAULT_LIMIT = 50;

/** The page that a list operation is asked for. */
export type PageRequest = { limit: number; cursor: string | undefined };

export const pageRequest = (limit: number | undefined, cursor: string | undefined): PageRequest => ({
  limit: limit ?? DEFAULT_LIMIT,
  cursor,
});

/**
 * One page of a list in the order of a unique column.
 * @param options.key the column, by the name that it has in the rows
 * @param options.column the same in the query, where that is another name, as `licenses.license_id`
 * @param options.order ascending by default
 * @param options.cursorKey form of the column's values: UUIDs by default
 * @throws ProblemError validation_failed at query/cursor
 */
export const listPage = async <DB, TB extends keyof DB, Row, Item>(
  query: SelectQueryBuilder<DB, TB, Row>,
  page: PageRequest,
  options: { key: keyof Row & string; column?: string; order?: 'asc' | 'desc'; cursorKey?: CursorKey },
  toItem: (row: Row) => Item,
): Promise<{ items: Item[]; nextCursor: string | null }> => {
  const { key, column = key, order = 'asc', cursorKey } = options;
  const after = decodeCursor(page.cursor, cursorKey);
  const at = sql.ref<string>(column);
  const rest =
    after === null ? query : query.where(sql<boolean>`${at} ${sql.raw(order === 'asc' ? '>' : '<')} ${after}`);
  const found = await rest
    .orderBy(at, order)
    .limit(page.limit + 1)
    .execute();
  const { rows, nextCursor } = toPage(found, page.limit, (row) => String(row[key]));
  return { items: rows.map((row) => toItem(row)), nextCursor };
};
