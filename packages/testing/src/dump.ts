import type { Database } from '@smartserver/service-kit';

const textOf = (value: unknown): string => {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** All that a database holds, as text: to look for what must not be in it. Bytes are read as Latin-1. */
export const dumpOf = async ({ pool }: Pick<Database<unknown>, 'pool'>): Promise<string> => {
  const tables = await pool.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by tablename",
  );
  const lines: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<Record<string, unknown>>(`select * from ${name}`);
    lines.push(name, ...rows.map((row) => Object.values(row).map(textOf).join('\t')));
  }
  return lines.join('\n');
};
