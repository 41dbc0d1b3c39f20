import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// By path, not by name: Jest resolves this file's imports without the condition that leads names to their sources.
import { EmbeddedPostgres } from '../../embedded-postgres/src/index.ts';
import { onContainers } from '../src/containers.ts';
import { startPostgresContainer } from '../src/postgres-container.ts';
import { TEST_POSTGRES_SETTINGS } from '../src/postgres-settings.ts';

/** Shared with the tear-down, which runs in the same process. */
type Shared = typeof globalThis & { stopTestPostgres?: () => Promise<void> };

/**
 * Chooses the seed of this test run, unless SEED repeats an earlier one, and starts its one PostgreSQL, in a container when TEST_CONTAINERS=true. TEST_POSTGRES_URL (a superuser's)
 * in the environment takes its place.
 */
export default async function globalSetup(): Promise<void> {
  process.env.SEED ??= String(Date.now() % 2 ** 31);
  if (process.env.TEST_POSTGRES_URL !== undefined) return;
  const shared = globalThis as Shared;
  if (onContainers()) {
    const container = await startPostgresContainer('test', TEST_POSTGRES_SETTINGS);
    process.env.TEST_POSTGRES_URL = container.url();
    shared.stopTestPostgres = container.stop;
    return;
  }
  const folder = join(tmpdir(), `smartserver-test-${process.pid}-${Date.now()}`);
  const cluster = new EmbeddedPostgres({
    dataDirectory: join(folder, 'data'),
    password: 'test',
    temporary: true,
    settings: TEST_POSTGRES_SETTINGS,
  });
  await cluster.start();
  process.env.TEST_POSTGRES_URL = cluster.url();
  const clean = () => {
    for (const path of [folder, cluster.place.data, `${cluster.place.data}.log`])
      rmSync(path, { recursive: true, force: true });
  };
  const forget = endWithThisProcess(cluster, clean);
  shared.stopTestPostgres = async () => {
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
