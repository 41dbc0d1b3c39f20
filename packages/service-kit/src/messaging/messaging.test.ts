import { makeEvent } from '@smartserver/testing';
import { BACKENDS, insertEffect, names, type Rig, startRig } from '../../test/support/rig.ts';
import { forEachEvent, listDeadLetters, RetryLater, retryDeadLetters } from '../index.ts';
import { deadLetterCommand } from './dead-letters.ts';
import { shareTransport } from './transport.ts';

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

  test('each recorded event has its effect once, and its outbox row is confirmed', async () => {
    rig.consumers();
    const relay = rig.relay();
    await rig.record(names(200));
    relay.wake();
    await rig.until(async () => (await rig.effects()).length >= 200, 'all effects');
    await rig.until(allConfirmed, 'all rows confirmed');
    expect(await rig.effects()).toEqual(names(200));
  });

  test('events for which the relay was not woken are found by polling', async () => {
    rig.consumers();
    rig.relay();
    await rig.until(() => rig.messaging.probe().then(() => true), 'the queue is up');
    await rig.record(['without a wake']);
    await rig.until(async () => (await rig.effects()).length === 1, 'the effect');
  });

  test('a relay that died between publishing and marking leaves no second effect', async () => {
    rig.consumers();
    const ids = await rig.record(names(20));
    const { rows } = await rig.database.pool.query<{ envelope: { type: string } }>(
      'select envelope from outbox order by id',
    );
    // What the dead relay did: publish, and nothing more; its claim runs out.
    await rig.messaging.publish(
      'license-accounts',
      ids.map((id, i) => ({ id, type: 'partner.changed.1', data: rows[i]?.envelope })),
    );
    await rig.database.pool.query(
      `update outbox set claimed_until = now() + interval '200 milliseconds', attempts = 1`,
    );
    await rig.until(async () => (await rig.effects()).length === 20, 'the effects of the dead relay’s messages');
    rig.relay();
    await rig.until(allConfirmed, 'all rows confirmed');
    expect(await rig.effects()).toEqual(names(20));
  });

  test('several relays at once publish each event, and none has two effects', async () => {
    rig.consumers();
    const relays = [rig.relay(), rig.relay(), rig.relay()];
    for (let i = 0; i < 10; i += 1) {
      await rig.record(names(30, `batch ${i}`));
      for (const relay of relays) relay.wake();
    }
    await rig.until(async () => (await rig.effects()).length >= 300, 'all effects');
    await rig.until(allConfirmed, 'all rows confirmed');
    expect(new Set(await rig.effects()).size).toBe(300);
    expect(await rig.effects()).toHaveLength(300);
  });

  test('repeated deliveries under other job ids, in any order, have one effect each', async () => {
    const events = names(30).map((name) =>
      makeEvent('partner.changed.1', { partnerId: 'p' as never, name, version: 1 }),
    );
    rig.consumers();
    for (let round = 0; round < 3; round += 1) {
      const reordered = [...events].sort(() => (round % 2 === 0 ? -1 : 1));
      await rig.messaging.publish(
        'license-accounts',
        reordered.map((event) => ({ id: event.id, type: event.type, data: event })),
      );
      await rig.until(async () => (await rig.effects()).length >= 30, 'the effects');
      for (const event of events) {
        await rig.messaging.publishAgain('license-accounts', { id: event.id, type: event.type, data: event });
      }
    }
    const statuses = async () => [
      ...(
        await rig.messaging.statusesOf(
          'license-accounts',
          events.map(({ id }) => id),
        )
      ).values(),
    ];
    await rig.until(async () => (await statuses()).every((status) => status.kind === 'done'), 'all deliveries done');
    expect(await rig.effects()).toEqual(names(30));
  });

  test('a poison message becomes a visible dead letter without its values, and a retry gives it its effect', async () => {
    let cured = false;
    const poisoned = async (...[trx, event]: Parameters<typeof insertEffect>) => {
      if (!cured)
        await trx
          .insertInto('effects')
          .values({ event_id: event.data.name as never, name: 'x' })
          .execute();
      await insertEffect(trx, event);
    };
    rig.consumers({ 'partner.changed.1': forEachEvent(poisoned) });
    const relay = rig.relay();
    const [id] = await rig.record(['a secret name']);
    await rig.record(['another secret name']);
    relay.wake();
    await rig.until(async () => (await listDeadLetters(rig.database)).length === 2, 'the dead letters');
    const [deadLetter] = await listDeadLetters(rig.database);
    expect(deadLetter).toMatchObject({ queue: 'license-accounts', type: 'partner.changed.1', attempts: 8 });
    expect(deadLetter?.error).toContain('22P02');
    expect(JSON.stringify(await listDeadLetters(rig.database))).not.toContain('secret');
    expect(await rig.effects()).toEqual([]);
    cured = true;
    expect(await retryDeadLetters(rig, id)).toEqual({ putBack: 1, skipped: [] });
    await rig.until(async () => (await rig.effects()).length === 1, 'the effect');
    expect(await listDeadLetters(rig.database)).toHaveLength(1);
    const env = { DATABASE_URL: rig.database.url, QUEUE_URL: rig.queueUrl };
    expect(await deadLetterCommand(['list'], env)).toHaveLength(2);
    expect(await deadLetterCommand(['retry'], env)).toEqual(['1 put back into their queues']);
    await rig.until(async () => (await listDeadLetters(rig.database)).length === 0, 'an empty list');
    await rig.until(allConfirmed, 'all rows confirmed');
    expect(await rig.effects()).toEqual(['a secret name', 'another secret name']);
  });

  test('an event of an unknown type and a message that is no event become dead letters at once', async () => {
    rig.consumers();
    const event = {
      ...makeEvent('partner.changed.1', { partnerId: 'p' as never, name: 'n', version: 1 }),
      type: 'partner.changed.9',
    };
    await rig.messaging.publish('license-accounts', [
      { id: event.id, type: 'partner.changed.9', data: event },
      { id: 'no-event', type: 'partner.changed.1', data: 'nonsense' },
    ]);
    await rig.until(async () => (await listDeadLetters(rig.database)).length === 2, 'the dead letters');
    expect((await listDeadLetters(rig.database)).map(({ error }) => error).sort()).toEqual([
      'no handler for an event of this type',
      'the message is not an event',
    ]);
  });

  test('an event whose earlier fact is missing waits for it, and has its effect then', async () => {
    let arrived = false;
    rig.consumers({
      'partner.changed.1': forEachEvent(async (trx, event) => {
        if (!arrived) throw new RetryLater('the partner is not known yet');
        await insertEffect(trx, event);
      }),
    });
    const relay = rig.relay();
    await rig.record(['early']);
    relay.wake();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await rig.effects()).toEqual([]);
    expect(await listDeadLetters(rig.database)).toEqual([]);
    arrived = true;
    await rig.until(async () => (await rig.effects()).length === 1, 'the effect');
  });

  test('in batches with poisonous and early events each other event has its effect at once, and each is confirmed or dead by itself', async () => {
    let arrived = false;
    let cured = false;
    rig.consumers({
      'partner.changed.1': forEachEvent(async (trx, event) => {
        await insertEffect(trx, event);
        if (event.data.name.startsWith('poison') && !cured) throw new Error('poison');
        if (event.data.name.startsWith('early') && !arrived) throw new RetryLater('the partner is not known yet');
      }),
    });
    const relay = rig.relay();
    const ids = await rig.record(
      names(150).map((name, i) => (i % 50 === 7 ? `poison ${i}` : i % 50 === 9 ? `early ${i}` : name)),
    );
    relay.wake();
    const good = names(150).filter((_, i) => i % 50 !== 7 && i % 50 !== 9);
    await rig.until(async () => (await rig.effects()).length >= good.length, 'the effects of the good ones');
    arrived = true;
    await rig.until(async () => (await rig.effects()).length >= good.length + 3, 'the effects of the early ones');
    await rig.until(async () => (await listDeadLetters(rig.database)).length === 3, 'the dead letters');
    const unconfirmed = async () =>
      (
        await rig.database.pool.query<{ event_id: string }>(
          'select event_id from outbox where confirmed_at is null order by id',
        )
      ).rows.map((row) => row.event_id);
    const poison = ids.filter((_, i) => i % 50 === 7);
    await rig.until(async () => (await unconfirmed()).length === 3, 'all but the dead ones confirmed');
    expect(await unconfirmed()).toEqual(poison);
    const deadLetters = await listDeadLetters(rig.database);
    expect(deadLetters.map(({ eventId, attempts }) => ({ eventId, attempts }))).toEqual(
      expect.arrayContaining(poison.map((eventId) => ({ eventId, attempts: 8 }))),
    );
    cured = true;
    expect(await retryDeadLetters(rig)).toEqual({ putBack: 3, skipped: [] });
    await rig.until(allConfirmed, 'all rows confirmed');
    expect(await rig.effects()).toEqual(
      [...good, ...['9', '59', '109'].map((n) => `early ${n}`), ...['7', '57', '107'].map((n) => `poison ${n}`)].sort(),
    );
    expect(await listDeadLetters(rig.database)).toEqual([]);
  });

  test('jobs that the first version has put into the queue have their effect, and their rows are confirmed', async () => {
    const ids = await rig.record(names(5));
    const { rows } = await rig.database.pool.query<{ envelope: object }>('select envelope from outbox order by id');
    await rig.messaging.probe();
    const transport = shareTransport(rig.queueUrl, rig.logger, 1);
    await transport.ready();
    const queue = transport.openQueue('license-accounts');
    for (const [i, id] of ids.entries()) await queue.add('partner.changed.1', rows[i]?.envelope, { jobId: id });
    await rig.database.pool.query('update outbox set published_at = now()');
    rig.consumers();
    rig.relay();
    await rig.until(allConfirmed, 'all rows confirmed');
    expect(await rig.effects()).toEqual(names(5));
    await queue.close();
    await transport.close();
  });

  test('dead letters of a queue that is not known any more are skipped and reported', async () => {
    rig.consumers();
    const [first, second] = [1, 2].map(() =>
      makeEvent('partner.changed.1', { partnerId: crypto.randomUUID(), name: 'n', version: 1 }),
    );
    await rig.database.pool.query(
      `insert into dead_letters (queue, event_id, type, message, error, attempts)
       values ('license-accounts', $1, $3, $4, 'x', 8), ('license-forgotten', $2, $3, '{}', 'x', 8)`,
      [first?.id, second?.id, first?.type, first],
    );
    const skipped = { eventId: second?.id, queue: 'license-forgotten' };
    expect(await retryDeadLetters(rig, second?.id)).toEqual({ putBack: 0, skipped: [skipped] });
    const env = { DATABASE_URL: rig.database.url, QUEUE_URL: rig.queueUrl };
    expect(await deadLetterCommand(['retry'], env)).toEqual([
      `${second?.id} skipped: there is no queue license-forgotten any more`,
      '1 put back into their queues',
    ]);
    await rig.until(async () => (await rig.effects()).length === 1, 'the effect of the other one');
    const left = await listDeadLetters(rig.database);
    expect(left.map(({ eventId }) => eventId)).toEqual([second?.id]);
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
    const transport = shareTransport(rig.queueUrl, rig.logger, 1);
    await transport.ready();
    const queue = transport.openQueue('license-accounts');
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
    await queue.close();
    await transport.close();
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
    const transport = shareTransport(rig.queueUrl, rig.logger, 1);
    await transport.ready();
    const queue = transport.openQueue('license-accounts');
    await queue.remove(rows[0]?.job_id ?? '');
    const unconfirmed = async () =>
      (await rig.database.pool.query('select event_id from outbox where confirmed_at is null')).rows;
    rig.relay();
    await rig.until(async () => (await unconfirmed()).length === 1, 'the good one is confirmed');
    expect(await unconfirmed()).toEqual([{ event_id: early }]);
    cured = true;
    await rig.until(allConfirmed, 'all rows confirmed');
    expect(await rig.effects()).toEqual(['early', 'good']);
    await queue.close();
    await transport.close();
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
    const transport = shareTransport(rig.queueUrl, rig.logger, 1);
    await transport.ready();
    const queue = transport.openQueue('activation-licenses');
    const probing = deaf.probe().then(
      () => 'came through',
      () => 'lost',
    );
    await rig.until(async () => (await queue.getWaiting()).length === 1, 'the probe waits');
    const [job] = await queue.getWaiting();
    await job?.remove();
    expect(await probing).toBe('lost');
    await queue.close();
    await transport.close();
  });
});
