import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createEmptyDatabase, createTestDatabase, testLogger } from '@smartserver/testing';
import { port } from 'envalid';
import type { KitTables } from '../data/tables.ts';
import { type BaseDeps, defineService, type ServiceBase } from '../index.ts';

const migrations = join(__dirname, '../../test/sample/migrations');
const config = { OTHER_PORT: port({ default: 1, desc: 'Any' }) };
const document = {
  openapi: '3.0.3',
  info: { title: 'sample', version: '1' },
  paths: {},
  components: { schemas: {}, securitySchemes: {} },
};

type Deps = BaseDeps<KitTables> & { otherPort: number };
type Base = ServiceBase<KitTables, { OTHER_PORT: number }>;

/** Environment of a service, on databases of its own. */
const given = async () => {
  const [database, queues] = await Promise.all([
    createTestDatabase<KitTables>({ directories: [migrations], service: 'sample' }),
    createEmptyDatabase(),
  ]);
  const env = { PORT: '8099', DATABASE_URL: database.url, QUEUE_URL: queues.url, JWKS_URL: 'http://127.0.0.1:9/jwks' };
  /** A server process ends a moment after its client has gone. */
  const allConnectionsEnd = async (): Promise<void> => {
    for (let tries = 0; (await connections()) > 0; tries += 1) {
      if (tries === 200) throw new Error('a connection is left open');
      await pause(25);
    }
  };
  const connections = async (): Promise<number> => {
    const sql = `select count(*)::int as count from pg_stat_activity where datname in ($1, $2) and pid <> pg_backend_pid()`;
    const names = [database.url, queues.url].map((url) => new URL(url).pathname.slice(1));
    const { rows } = await database.pool.query<{ count: number }>(sql, names);
    return rows[0]?.count ?? 0;
  };
  return {
    env,
    allConnectionsEnd,
    close: async () => {
      await database.close();
      await queues.drop();
    },
  };
};

const sample = (
  parts: {
    deps?: (base: Base) => Deps | Promise<Deps>;
    stops?: string[];
    fail?: string;
    onJob?: () => void;
    onStart?: () => void;
  } = {},
) => {
  const stopped = (name: string) => async (): Promise<void> => {
    parts.stops?.push(name);
  };
  return defineService({
    name: 'license',
    document,
    config,
    migrations,
    operations: [],
    routes: [],
    deps: (base: Base): Deps | Promise<Deps> => {
      base.onStop('opened first', stopped('opened first'));
      base.onStop('opened second', stopped('opened second'));
      return parts.deps?.(base) ?? { ...base, otherPort: base.config.OTHER_PORT };
    },
    handlers: () => ({}),
    workers: () => [
      {
        name: 'loop',
        start: () => {
          if (parts.fail === 'worker') throw new Error('the worker does not start');
        },
        stop: stopped('loop'),
      },
    ],
    jobs: () => [
      { name: 'tick', everySeconds: 0.01, run: async () => parts.onJob?.() },
      { name: 'first', everySeconds: 3_600, atStart: true, run: async () => parts.onStart?.() },
    ],
  });
};

describe('a service made of its parts', () => {
  let system: Awaited<ReturnType<typeof given>>;
  beforeEach(async () => {
    system = await given();
  });
  afterEach(() => system.close());

  test('starts, is ready, runs its jobs, and stops what was opened last first', async () => {
    const stops: string[] = [];
    let onJob = (): void => undefined;
    const ran = new Promise<void>((resolve) => {
      onJob = resolve;
    });
    const onStart = jest.fn();
    const running = await sample({ stops, onJob, onStart }).start(system.env, { logger: testLogger() });
    await ran;
    expect(onStart).toHaveBeenCalledTimes(1);
    expect((await running.app.inject('/readyz')).json()).toEqual({
      status: 'ready',
      checks: { database: 'ok', queues: 'ok' },
    });
    expect(running.listen).toEqual({ host: '127.0.0.1', port: 8099 });
    await running.stop();
    expect(stops).toEqual(['loop', 'opened second', 'opened first']);
  });

  test.each([
    ['deps', () => ({ deps: () => Promise.reject(new Error('no key')) })],
    ['worker', () => ({ fail: 'worker' })],
  ])('whose start fails at its %s closes what it had opened', async (_part, failing) => {
    const stops: string[] = [];
    await expect(sample({ ...failing(), stops }).start(system.env, { logger: testLogger() })).rejects.toThrow();
    expect(stops).toEqual(['opened second', 'opened first']);
    await system.allConnectionsEnd();
  });

  test('refuses a database that lacks migrations, and leaves no connection', async () => {
    const empty = await createEmptyDatabase();
    const start = sample().start({ ...system.env, DATABASE_URL: empty.url }, { logger: testLogger() });
    await expect(start).rejects.toThrow(/lacks migration/);
    await empty.drop();
  });

  test('names every faulty variable of its own and of every service', () => {
    expect(() => sample().loadConfig({ PORT: '8099', OTHER_PORT: 'x' })).toThrow(
      /OTHER_PORT.*DATABASE_URL is missing|DATABASE_URL is missing.*OTHER_PORT/,
    );
  });

  test('gives commands its database, without queues', async () => {
    const { QUEUE_URL: _, JWKS_URL: __, PORT: ___, ...env } = system.env;
    const count = await sample().withStorage(env, { logger: testLogger() }, async ({ database }) => {
      const { rows } = await database.pool.query<{ count: number }>('select count(*) from outbox');
      return rows[0]?.count;
    });
    expect(count).toBe(0);
  });
});
