import { type RawBuilder, sql } from 'kysely';
import type { LicenseTables } from './tables.ts';

/**
 * The beginning of a statement that inserts any number of rows, at least one and all with the same columns. They are one parameter:
 * a list of values has at most 65,535, which a batch of events may exceed.
 */
export const insertRows = <T extends 'licenses' | 'license_history'>(
  table: T,
  rows: readonly LicenseTables[T][],
): RawBuilder<unknown> => {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((column) => sql.ref(column)));
  return sql`
    insert into ${sql.table(table)} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`;
};
