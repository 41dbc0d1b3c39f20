import { makeEvent } from '@smartserver/testing';
import { listDeadLetters, NotYet, retryDeadLetter } from '../src/index.ts';
import { deadLetterCommand } from '../src/messaging/dead-letter-command.ts';
import { BACKENDS, insertEffect, names, type Rig, startRig } from './support/rig.ts';

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

  test('events that no wake announced are found by polling', async () => {
    rig.consumers();
    rig.relay();
    await rig.until(() => rig.messaging.canary().then(() => true), 'the queue is up');
    await rig.record(['unannounced']);
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
    const fates = async () => [
      ...(
        await rig.messaging.fatesOf(
          'license-accounts',
          events.map(({ id }) => id),
        )
      ).values(),
    ];
    await rig.until(async () => (await fates()).every((fate) => fate === 'done'), 'all deliveries done');
    expect(await rig.effects()).toEqual(names(30));
  });

  test('a poison message becomes a visible dead letter without its values, and a retry gives it its effect', async () => {
    let cured = false;
    const poisoned = async (...[trx, event]: Parameters<NonNullable<typeof insertEffect>>) => {
      if (!cured)
        await trx
          .insertInto('effects')
          .values({ event_id: event.data.name as never, name: 'x' })
          .execute();
      await insertEffect?.(trx, event);
    };
    rig.consumers({ 'partner.changed.1': poisoned });
    const relay = rig.relay();
    const [id] = await rig.record(['a secret name']);
    await rig.record(['another secret name']);
    relay.wake();
    await rig.until(async () => (await listDeadLetters(rig.database)).length === 2, 'the dead letters');
    const [letter] = await listDeadLetters(rig.database);
    expect(letter).toMatchObject({ queue: 'license-accounts', type: 'partner.changed.1', attempts: 8 });
    expect(letter?.error).toContain('22P02');
    expect(JSON.stringify(await listDeadLetters(rig.database))).not.toContain('secret');
    expect(await rig.effects()).toEqual([]);
    cured = true;
    expect(await retryDeadLetter(rig, id)).toBe(1);
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
      'partner.changed.1': async (trx, event) => {
        if (!arrived) throw new NotYet('the partner is not known yet');
        await insertEffect?.(trx, event);
      },
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

  test('a canary comes through the workers, and its absence names the queue', async () => {
    await expect(rig.messaging.canary()).resolves.toBeUndefined();
    rig.consumers();
    const hearing = rig.openMessaging();
    hearing.subscribe('license-accounts', async () => ({ kind: 'done' }));
    await expect(hearing.canary()).resolves.toBeUndefined();
    const deaf = rig.openMessaging();
    await deaf.subscribe('activation-licenses', async () => ({ kind: 'done' })).close();
    await expect(deaf.canary()).rejects.toThrow('activation-licenses');
  });
});
