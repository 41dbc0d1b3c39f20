import { testLogger } from '@smartserver/testing';
import pg from 'pg';
import { BACKENDS, type Rig, startRig } from '../../test/support/rig.ts';
import { openMessaging } from '../index.ts';

/** Schedules on the queues: one for all processes, and there again when the queues have forgotten it. */
describe.each(BACKENDS)('on %s', (backend) => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig(backend);
  });
  afterEach(() => rig.stop());

  const forgetEverything = async () => {
    if (rig.redis !== null) return rig.redis.command('flushall');
    const client = new pg.Client({ connectionString: rig.queueUrl });
    await client.connect();
    await client.query('truncate bullmq.job, bullmq.scheduler cascade');
    await client.end();
  };

  test('two processes that ask for the same run it as often as one', async () => {
    const other = openMessaging({ url: rig.queueUrl, logger: testLogger() });
    const at: number[] = [];
    const work = async () => {
      at.push(performance.now());
    };
    const timing = { everyMs: 400, setEveryMs: 100 };
    const schedules = [rig.messaging, other].map((messaging) =>
      messaging.schedule('notification-notices', work, timing),
    );
    await rig.until(async () => at.length >= 6, 'six runs', 20_000);
    await Promise.all(schedules.map((schedule) => schedule.close()));
    await other.close();
    // The first may come at once, and the next at the slot that follows; from then on each has its own.
    const span = (at[5] ?? 0) - (at[1] ?? 0);
    expect(span).toBeGreaterThan(4 * 400 * 0.8);
  });

  test('a run that fails is followed by the next', async () => {
    let runs = 0;
    const schedule = rig.messaging.schedule(
      'notification-notices',
      async () => {
        runs += 1;
        throw new Error('not today');
      },
      { everyMs: 200 },
    );
    await rig.until(async () => runs >= 3, 'three runs', 20_000);
    await schedule.close();
  });

  test('queues that forget everything get the schedule again', async () => {
    let runs = 0;
    const schedule = rig.messaging.schedule(
      'notification-notices',
      async () => {
        runs += 1;
      },
      { everyMs: 200, setEveryMs: 300 },
    );
    await rig.until(async () => runs >= 2, 'two runs', 20_000);
    await forgetEverything();
    const before = runs;
    await rig.until(async () => runs >= before + 3, 'three more runs', 20_000);
    await schedule.close();
  });
});
