import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// By path, not by name: Jest resolves this file's imports without the condition that leads names to their sources.
import { EmbeddedPostgres } from '../../embedded-postgres/src/index.ts';

/** Shared with the tear-down, which runs in the same process. */
type Shared = typeof globalThis & { stopTestPostgres?: () => Promise<void> };

/**
 * Chooses the seed of this test run, unless SEED repeats an earlier one, and starts its one PostgreSQL. TEST_POSTGRES_URL (a superuser's)
 * in the environment takes its place.
 */
export default async function globalSetup(): Promise<void> {
  process.env.SEED ??= String(Date.now() % 2 ** 31);
  if (process.env.TEST_POSTGRES_URL !== undefined) return;
  const folder = join(tmpdir(), `smartserver-test-${process.pid}-${Date.now()}`);
  const cluster = new EmbeddedPostgres({
    dataDirectory: join(folder, 'data'),
    password: 'test',
    temporary: true,
    settings: {
      max_connections: '300',
      wal_level: 'replica',
      // A test run's data need not survive a power cut. Never in production, where the start refuses it [guarantees.md 3].
      fsync: 'off',
      full_page_writes: 'off',
    },
  });
  await cluster.start();
  process.env.TEST_POSTGRES_URL = cluster.url();
  const clean = () => {
    for (const path of [folder, cluster.place.data, `${cluster.place.data}.log`])
      rmSync(path, { recursive: true, force: true });
  };
  const forget = endWithThisProcess(cluster, clean);
  (globalThis as Shared).stopTestPostgres = async () => {
    forget();
    await cluster.stop();
    clean();
  };
}

/**
 * An interrupted run has no tear-down, and PostgreSQL, in a process group of its own, would outlive it.
 * @returns removes the handler again
 */
const endWithThisProcess = (cluster: EmbeddedPostgres, clean: () => void): (() => void) => {
  const end = () => {
    if (cluster.pid !== undefined) process.kill(cluster.pid, 'SIGKILL');
    clean();
  };
  process.once('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return () => process.off('exit', end);
};
