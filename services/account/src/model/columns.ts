import type { ColumnType } from 'kysely';

/** Written once, never changed. */
export type Fixed<T> = ColumnType<T, T, never>;
/** Null unless it is given. */
export type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;
