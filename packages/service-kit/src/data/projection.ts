import { type Insertable, sql, type Transaction } from 'kysely';

type Columns<Table> = keyof Insertable<Table> & string;

/**
 * Takes over another service's state: rows that are not known yet are inserted, rows that are known in a lower version are replaced,
 * and the others stay as they are, so that events may come late, twice and in any order [architecture.md decision 2]. One statement,
 * whose rows are locked in the order of their keys.
 *
 * @param options.key columns of the primary key
 * @param options.version column that counts the versions, an integer
 * @param rows all with the same columns; of several with the same key, the highest version counts
 * @returns how many were inserted or replaced
 */
export const project = async <DB, T extends keyof DB & string>(
  trx: Transaction<DB>,
  table: T,
  options: { key: readonly Columns<DB[T]>[]; version?: Columns<DB[T]> },
  rows: readonly Insertable<DB[T]>[],
): Promise<number> => {
  const { key } = options;
  const version = options.version ?? 'version';
  const newest = newestRows(rows as readonly Row[], key, version);
  const [first] = newest;
  if (first === undefined) return 0;
  const columns = Object.keys(first);
  const list = (names: readonly string[]) => sql.join(names.map((name) => sql.ref(name)));
  const values = newest.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  const replaced = columns.filter((column) => !(key as readonly string[]).includes(column));
  const result = await sql`
    insert into ${sql.table(table)} (${list(columns)}) values ${sql.join(values)}
    on conflict (${list(key)}) do update
    set ${sql.join(replaced.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`))}
    where ${sql.ref(`${table}.${version}`)} < ${sql.ref(`excluded.${version}`)}`.execute(trx);
  return Number(result.numAffectedRows);
};

type Row = Record<string, unknown>;

const newestRows = (rows: readonly Row[], key: readonly string[], version: string): Row[] => {
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    const id = JSON.stringify(key.map((column) => row[column]));
    const known = byKey.get(id);
    if (known === undefined || Number(known[version]) < Number(row[version])) byKey.set(id, row);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
};
