import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startContainer } from './containers.ts';

/** As much of a PostgreSQL server as tests use. */
export type TestPostgres = {
  /** Superuser's address. */
  url(database?: string): string;
  start(): Promise<void>;
  /** Sends a signal and waits for the server's end; `SIGQUIT` is an immediate stop, as a crash would be. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** For good: its data are removed. */
  stop(): Promise<void>;
};

/** PostgreSQL as production has it, in a container. @param settings of the server, e.g. `{ fsync: 'off' }` */
export const startPostgresContainer = async (
  password: string,
  settings: Record<string, string>,
): Promise<TestPostgres> => {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const container = await startContainer('postgres', 5432, (unstarted) =>
    unstarted.withEnvironment({ POSTGRES_PASSWORD: password }).withCommand(['postgres', ...flags]),
  );
  const url = (database = 'postgres') =>
    `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${container.port}/${database}`;
  await answers(url());
  return {
    url,
    kill: container.kill,
    start: async () => {
      await container.start();
      await answers(url());
    },
    stop: container.remove,
  };
};

const answers = async (url: string): Promise<void> => {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(50);
    }
  }
};
