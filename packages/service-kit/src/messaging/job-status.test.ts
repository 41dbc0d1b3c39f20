import { makeEvent } from '@smartserver/testing';
import { BACKENDS, insertEffect, names, type Rig, startRig } from '../../test/support/rig.ts';
import { forEachEvent, RetryLater } from '../index.ts';

describe.each(BACKENDS)('on %s', (backend) => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig(backend);
  });
  afterEach(() => rig.stop());

  const allConfirmed = async () => {
    const { rows } = await rig.database.pool.query('select from outbox where confirmed_at is null');
    return rows.length === 0;
  };

  test('jobs that the first version has put into the queue have their effect, and their rows are confirmed', async () => {
    const ids = await rig.record(names(5));
    const { rows } = await rig.database.pool.query<{ envelope: object }>('select envelope from outbox order by id');
    await rig.messaging.probe();
    const { queue } = await rig.openQueue('license-accounts');
    for (const [i, id] of ids.entries()) await queue.add('partner.changed.1', rows[i]?.envelope, { jobId: id });
    await rig.database.pool.query('update outbox set published_at = now()');
    rig.consumers();
    rig.relay();
    await rig.until(allConfirmed, 'all rows confirmed');
    expect(await rig.effects()).toEqual(names(5));
  });

  test('a finished job that the queue has deleted is missing, never done', async () => {
    rig.consumers();
    await rig.messaging.probe();
    const event = makeEvent('partner.changed.1', { partnerId: crypto.randomUUID(), name: 'n', version: 1 });
    const malformed = { id: crypto.randomUUID(), type: 'partner.changed.1', data: {} };
    const message = { id: event.id, type: event.type, data: event };
    const id = await rig.messaging.publish('license-accounts', [message, malformed]);
    const status = async () => (await rig.messaging.statusesOf('license-accounts', [id])).get(id);
    const done = { kind: 'done', isolated: [malformed.id] };
    await rig.until(async () => (await status())?.kind === 'done', 'the batch is done');
    expect(await status()).toEqual(done);
    const { transport, queue } = await rig.openQueue('license-accounts');
    // Deleted between the question for its state and that for its result, as the limits of finished jobs do it at any time.
    const getState = queue.getJobState.bind(queue);
    queue.getJobState = async (jobId) => {
      const state = await getState(jobId);
      await queue.remove(jobId);
      return state;
    };
    const [seen] = (await transport.statesOf(queue, [id])).values();
    // Either the answer of one moment, with the isolated messages, or none.
    expect([undefined, { apart: [malformed.id] }]).toContainEqual(seen?.result);
    await queue.remove(id);
    expect(await status()).toEqual({ kind: 'missing' });
  });

  test('an isolated event of a batch whose finished job was deleted at once is not confirmed before its effect', async () => {
    let cured = false;
    rig.consumers({
      'partner.changed.1': forEachEvent(async (trx, event) => {
        await insertEffect(trx, event);
        if (event.data.name === 'early' && !cured) throw new RetryLater('the partner is not known yet');
      }),
    });
    const ids = await rig.record(['early', 'good']);
    const early = ids[0] ?? '';
    const relay = rig.relay({ sweep: 60_000 });
    await rig.until(async () => (await rig.effects()).length === 1, 'the effect of the good one');
    await relay.stop();
    const { rows } = await rig.database.pool.query<{ job_id: string }>('select distinct job_id from outbox');
    const isDone = async () => {
      const jobs = rows.map((row) => row.job_id);
      return (await rig.messaging.statusesOf('license-accounts', jobs)).get(jobs[0] ?? '')?.kind === 'done';
    };
    await rig.until(isDone, 'the batch is done');
    const { queue } = await rig.openQueue('license-accounts');
    await queue.remove(rows[0]?.job_id ?? '');
    const unconfirmed = async () =>
      (await rig.database.pool.query('select event_id from outbox where confirmed_at is null')).rows;
    rig.relay();
    await rig.until(async () => (await unconfirmed()).length === 1, 'the good one is confirmed');
    expect(await unconfirmed()).toEqual([{ event_id: early }]);
    cured = true;
    await rig.until(allConfirmed, 'all rows confirmed');
    expect(await rig.effects()).toEqual(['early', 'good']);
  });

  test('a probe comes through the workers, and its absence names the queue', async () => {
    await expect(rig.messaging.probe()).resolves.toBeUndefined();
    rig.consumers();
    const hearing = rig.openMessaging();
    hearing.subscribe('license-accounts', async () => ({ kind: 'done' }));
    await expect(hearing.probe()).resolves.toBeUndefined();
    const deaf = rig.openMessaging();
    await deaf.subscribe('activation-licenses', async () => ({ kind: 'done' })).close();
    await expect(deaf.probe()).rejects.toThrow('activation-licenses');
  });

  test('a probe that was lost on its way has not come through', async () => {
    const deaf = rig.openMessaging();
    await deaf.subscribe('activation-licenses', async () => ({ kind: 'done' })).close();
    const { queue } = await rig.openQueue('activation-licenses');
    const probing = deaf.probe().then(
      () => 'came through',
      () => 'lost',
    );
    await rig.until(async () => (await queue.getWaiting()).length === 1, 'the probe waits');
    const [job] = await queue.getWaiting();
    await job?.remove();
    expect(await probing).toBe('lost');
  });
});
