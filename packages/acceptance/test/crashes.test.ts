import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dose } from '../src/system/dose.ts';
import { Load } from '../src/system/load.ts';
import { type People, until } from '../src/system/people.ts';
import { TestSystem } from '../src/system/system.ts';

// Guarantees 2, 3, 10, 11 and 12: kill -9 at random moments under load; the relay of a service lives and dies with its process.

let system: TestSystem;
let people: People;

beforeAll(async () => {
  system = await TestSystem.start({
    queue: 'redis',
    environment: { MAIL_PER_SECOND: '1000', MAIL_TIMEOUT_SECONDS: '5' },
  });
  people = await system.people();
}, 120_000);

afterAll(() => system?.stop());

const KILLS = dose(3, 20);
const random = (below: number): number => Math.floor(Math.random() * below);

/** Load, kills at random moments, then the whole truth from the public API. */
async function survives(kill: () => Promise<void>): Promise<Load> {
  const load = await Load.prepare(system, people);
  system.mail.messages.length = 0;
  load.start();
  for (let n = 0; n < KILLS; n += 1) {
    await sleep(150 + random(400));
    await kill();
  }
  await sleep(300);
  await load.stop();
  await load.check();
  return load;
}

const restart = (name: string) => async () => {
  await system.process(name).kill('SIGKILL');
  await sleep(random(200));
  await system.process(name).start();
};

/** In CI the three take turns in one run; the long dose kills each of them all the time. */
const victims = dose([['activation', 'license', 'gateway']], [['activation'], ['license'], ['gateway']]);

test.each(victims.map((names) => [names.join(', '), names] as const))(
  `after ${KILLS} times kill -9 of %s under load, every acknowledged move is there, told once in the history and once by e-mail`,
  async (_, names) => {
    let turn = 0;
    const load = await survives(async () => {
      const name = names[turn % names.length] ?? '';
      turn += 1;
      await restart(name)();
    });
    expect(await load.checkMail()).toEqual({ repeats: 0 });
  },
  900_000,
);

test(`after ${KILLS} times kill -9 of notification no e-mail is lost, and a repeat has the Message-ID of the first`, async () => {
  const load = await survives(restart('notification'));
  const { repeats } = await load.checkMail();
  expect(repeats).toBeLessThanOrEqual(KILLS * 5);
}, 900_000);

test(`after ${KILLS} immediate stops of PostgreSQL under load, every acknowledged move is there, once`, async () => {
  const load = await survives(async () => {
    await system.postgres.kill('SIGQUIT');
    await sleep(random(200));
    await system.postgres.start();
  });
  await load.checkMail();
}, 900_000);

describe('Redis may be lost at any time', () => {
  const redis = () => {
    if (!system.redis) throw new Error('This suite runs on Redis.');
    return system.redis;
  };

  test(`after ${KILLS} times kill -9 of Redis no effect is lost and none happens twice`, async () => {
    const load = await survives(async () => {
      await redis().kill();
      await sleep(random(200));
      await redis().start();
    });
    expect(await load.checkMail()).toEqual({ repeats: 0 });
  }, 900_000);

  test(`after ${KILLS} times FLUSHALL no effect is lost and none happens twice`, async () => {
    const load = await survives(async () => {
      await redis().command('flushall');
    });
    expect(await load.checkMail()).toEqual({ repeats: 0 });
  }, 900_000);

  test(`after ${KILLS} losses of the end of the append-only file no effect is lost and none happens twice`, async () => {
    const load = await survives(async () => {
      await redis().kill();
      const folder = join(redis().folder, 'appendonlydir');
      for (const name of readdirSync(folder).filter((file) => file.endsWith('.incr.aof'))) {
        const { size } = statSync(join(folder, name));
        truncateSync(join(folder, name), Math.floor(size * Math.random()));
      }
      await redis().start();
    });
    expect(await load.checkMail()).toEqual({ repeats: 0 });
  }, 900_000);

  /** Milliseconds. */
  const OUTAGE = dose(3_000, 300_000);
  const CATCH_UP = Math.max(30_000, OUTAGE);

  test(`while Redis is away for ${OUTAGE / 1_000} s the API keeps answering; workers go on within 30 s of its return, and have caught up within ${CATCH_UP / 1_000} s`, async () => {
    const load = await Load.prepare(system, people);
    system.mail.messages.length = 0;
    load.start();
    await sleep(300);
    await redis().kill();
    const before = load.activations;
    await sleep(OUTAGE);
    expect(load.activations).toBeGreaterThan(before);
    await load.stop();
    const told = await load.told();
    await redis().start();
    const returned = Date.now();
    await until(async () => (await load.told()) > told, 'workers go on', 30);
    await load.check(CATCH_UP / 1_000);
    const seconds = (Date.now() - returned) / 1_000;
    console.log(`${load.moves} moves were told ${seconds} s after the outage`);
    expect(seconds).toBeLessThan(CATCH_UP / 1_000);
    expect(await load.checkMail(CATCH_UP / 1_000)).toEqual({ repeats: 0 });
  }, 1_800_000);
});
