/** Items on a page whose request names no limit. [api.md] */
const DEFAULT_PAGE_LIMIT = 50;

/** The page that a list operation is asked for. */
export type PageRequest = { limit: number; cursor: string | undefined };

export const pageRequest = (limit: number | undefined, cursor: string | undefined): PageRequest => ({
  limit: limit ?? DEFAULT_PAGE_LIMIT,
  cursor,
});
