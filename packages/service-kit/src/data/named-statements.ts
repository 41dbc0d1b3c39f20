import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

const MOST_NAMES = 300;
const LONGEST_TEXT = 4_000;
const MOST_PARAMETERS = 40;

/**
 * A pool for Kysely whose statements have names, so that each connection parses and plans a statement once.
 *
 * Left unnamed: statements with `*`, which would fail once a migration adds a column under a running service; and lists of
 * varying length, each of which would be a statement of its own, beyond the first {@link MOST_NAMES}.
 */
export const poolOfNamedStatements = (pool: pg.Pool): PostgresPool => {
  const names = new Map<string, string>();
  const nameOf = (text: string, parameters: readonly unknown[]): string | undefined => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (parameters.length === 0 || parameters.length > MOST_PARAMETERS) return undefined;
    if (names.size >= MOST_NAMES || text.length > LONGEST_TEXT || text.includes('*')) return undefined;
    const name = `kysely_${names.size}`;
    names.set(text, name);
    return name;
  };
  // Kysely identifies a connection by its object: the same one for the same client.
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  const wrap = (client: pg.PoolClient): PostgresPoolClient => {
    const query = (text: unknown, parameters: readonly unknown[] = []) => {
      if (typeof text !== 'string') return client.query(text as pg.Submittable);
      const name = nameOf(text, parameters);
      const values = [...parameters];
      return client.query(name === undefined ? { text, values } : { name, text, values });
    };
    return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release() };
  };
  return {
    connect: async () => {
      const client = await pool.connect();
      const known = clients.get(client) ?? wrap(client);
      clients.set(client, known);
      return known;
    },
    end: () => pool.end(),
  };
};
