import { decodeCursor, toPage } from '@smartserver/service-kit';
import { type SelectQueryBuilder, sql } from 'kysely';

/** Items on a page whose request names no limit. [api.md] */
const DEFAULT_PAGE_LIMIT = 50;

export type PageRequest = { limit: number; after: string | null };

/** The page that a list operation is asked for. @throws validation_failed at query/cursor */
export const pageRequest = (limit: number | undefined, cursor: string | undefined): PageRequest => ({
  limit: limit ?? DEFAULT_PAGE_LIMIT,
  after: decodeCursor(cursor),
});

/** One page of a list in the order of a unique column. */
export const listPage = async <DB, TB extends keyof DB, Row, Item>(
  query: SelectQueryBuilder<DB, TB, Row>,
  key: keyof Row & string,
  { limit, after }: PageRequest,
  toItem: (row: Row) => Item,
): Promise<{ items: Item[]; nextCursor: string | null }> => {
  const column = sql.ref<string>(key);
  const rest = after === null ? query : query.where(sql<boolean>`${column} > ${after}`);
  const found = await rest
    .orderBy(column)
    .limit(limit + 1)
    .execute();
  const { rows, nextCursor } = toPage(found, limit, (row) => String(row[key]));
  return { items: rows.map(toItem), nextCursor };
};
