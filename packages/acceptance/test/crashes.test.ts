import { randomUUID } from 'node:crypto';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf } from '@smartserver/client';
import type { Customer, CustomerPage } from '@smartserver/contracts';
import { seededRandom } from '@smartserver/testing';
import { dose } from '../src/system/dose.ts';
import { insist, Load } from '../src/system/load.ts';
import { type People, until } from '../src/system/people.ts';
import { TestSystem } from '../src/system/system.ts';

// Guarantees 2, 3, 10, 11 and 12: kill -9 at random moments under load; the relay of a service lives and dies with its process.

let system: TestSystem;
let people: People;

const random = seededRandom('crashes');

beforeAll(async () => {
  system = await TestSystem.start({
    queue: 'redis',
    environment: { MAIL_PER_SECOND: '1000', MAIL_TIMEOUT_SECONDS: '5' },
  });
}, 120_000);
// An access token does not last as long as all tests of the long dose.
beforeEach(async () => {
  people = await system.people();
}, 60_000);

afterAll(() => system?.stop());

const KILLS = dose(3, 200);
const POSTGRES_STOPS = dose(3, 100);
const REDIS_LOSSES = dose(3, 20);
const LIMIT_MS = dose(300_000, 3_600_000);

/** Load, kills at random moments, then everything is compared with what the public API shows. */
async function survives(kills: number, kill: () => Promise<void>): Promise<Load> {
  const load = await Load.prepare(system, people);
  system.mail.messages.length = 0;
  load.start();
  for (let n = 0; n < kills; n += 1) {
    await sleep(150 + random.below(400));
    await kill();
  }
  await sleep(300);
  await load.stop();
  await load.check();
  return load;
}

const restart = (name: string) => async () => {
  await system.process(name).kill('SIGKILL');
  await sleep(random.below(200));
  await system.process(name).start();
};

/** In CI the three take turns in one run; the long dose kills each of them as often. */
const victims = dose([['activation', 'license', 'gateway']], [['activation'], ['license'], ['gateway']]);

test.each(victims.map((names) => [names.join(', '), names] as const))(
  `after ${KILLS} times kill -9 of %s under load, every acknowledged move is there, once in the history and once by e-mail`,
  async (_, names) => {
    let turn = 0;
    const load = await survives(KILLS, async () => {
      const name = names[turn % names.length] ?? '';
      turn += 1;
      await restart(name)();
    });
    expect(await load.checkMail()).toEqual({ repeats: 0 });
  },
  LIMIT_MS,
);

test(
  `after ${KILLS} times kill -9 of account every acknowledged customer is there, once, and open to its SmartServers`,
  async () => {
    const partner = await people.partner();
    const acknowledged: Customer[] = [];
    let running = true;
    const create = async (): Promise<void> => {
      while (running) {
        const header = { 'Idempotency-Key': randomUUID() };
        const request = { params: { header }, body: { name: `P-${randomUUID()}` } };
        const api = system.api().as(partner.token);
        acknowledged.push(await insist(() => dataOf(api.POST('/v1/customers', request))));
        await sleep(20);
      }
    };
    const creating = [create(), create(), create()];
    for (let n = 0; n < KILLS; n += 1) {
      await sleep(150 + random.below(400));
      await restart('account')();
    }
    running = false;
    await Promise.all(creating);
    const listed: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const params = { query: { limit: 200, ...(cursor ? { cursor } : {}) } };
      const api = system.api().as(partner.token);
      const page: CustomerPage = await dataOf(api.GET('/v1/customers', { params }));
      listed.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(listed.toSorted()).toEqual(acknowledged.map(({ name }) => name).toSorted());
    for (const { customerId } of acknowledged.slice(-3)) await people.controller(customerId);
  },
  LIMIT_MS,
);

test(
  `after ${KILLS} times kill -9 of notification no e-mail is lost, and a repeat has the Message-ID of the first`,
  async () => {
    const load = await survives(KILLS, restart('notification'));
    const { repeats } = await load.checkMail();
    expect(repeats).toBeLessThanOrEqual(KILLS * 5);
  },
  LIMIT_MS,
);

test(
  `after ${POSTGRES_STOPS} immediate stops of PostgreSQL under load, every acknowledged move is there, once`,
  async () => {
    const load = await survives(POSTGRES_STOPS, async () => {
      await system.postgres.kill('SIGQUIT');
      await sleep(random.below(200));
      await system.postgres.start();
    });
    await load.checkMail();
  },
  LIMIT_MS,
);

describe('Redis may be lost at any time', () => {
  const redis = () => {
    if (!system.redis) throw new Error('This suite runs on Redis.');
    return system.redis;
  };

  test(
    `after ${REDIS_LOSSES} times kill -9 of Redis no effect is lost and none happens twice`,
    async () => {
      const load = await survives(REDIS_LOSSES, async () => {
        await redis().kill();
        await sleep(random.below(200));
        await redis().start();
      });
      expect(await load.checkMail()).toEqual({ repeats: 0 });
    },
    LIMIT_MS,
  );

  test(
    `after ${REDIS_LOSSES} times FLUSHALL no effect is lost and none happens twice`,
    async () => {
      const load = await survives(REDIS_LOSSES, async () => {
        await redis().command('flushall');
      });
      expect(await load.checkMail()).toEqual({ repeats: 0 });
    },
    LIMIT_MS,
  );

  test(
    `after ${REDIS_LOSSES} losses of the end of the append-only file no effect is lost and none happens twice`,
    async () => {
      const load = await survives(REDIS_LOSSES, async () => {
        await redis().kill();
        const folder = join(redis().folder, 'appendonlydir');
        for (const name of readdirSync(folder).filter((file) => file.endsWith('.incr.aof'))) {
          const { size } = statSync(join(folder, name));
          truncateSync(join(folder, name), random.below(size + 1));
        }
        await redis().start();
      });
      expect(await load.checkMail()).toEqual({ repeats: 0 });
    },
    LIMIT_MS,
  );

  /** Milliseconds. */
  const OUTAGE = dose(3_000, 300_000);
  const CATCH_UP = Math.max(30_000, OUTAGE);

  test(
    `while Redis is away for ${OUTAGE / 1_000} s the API keeps answering; workers go on within 30 s of its return, and have caught up within ${CATCH_UP / 1_000} s`,
    async () => {
      const load = await Load.prepare(system, people);
      system.mail.messages.length = 0;
      load.start();
      await sleep(300);
      await redis().kill();
      const before = load.activations;
      await sleep(OUTAGE);
      expect(load.activations).toBeGreaterThan(before);
      await load.stop();
      const recorded = await load.recordedMoves();
      await redis().start();
      const returned = Date.now();
      await until(async () => (await load.recordedMoves()) > recorded, 'workers go on', 30);
      await load.check(CATCH_UP / 1_000);
      const seconds = (Date.now() - returned) / 1_000;
      console.log(`${load.moves} moves were recorded ${seconds} s after the outage`);
      expect(seconds).toBeLessThan(CATCH_UP / 1_000);
      expect(await load.checkMail(CATCH_UP / 1_000)).toEqual({ repeats: 0 });
    },
    LIMIT_MS,
  );
});
