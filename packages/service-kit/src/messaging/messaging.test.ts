import { makeEvent } from '@smartserver/testing';
import { BACKENDS, insertEffect, names, type Rig, startRig } from '../../test/support/rig.ts';
import { forEachEvent, listDeadLetters, RetryLater, retryDeadLetters } from '../index.ts';

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

  test('an event whose earlier fact is missing waits for it, and has its effect then', async () => {
    let arrived = false;
    let attempts = 0;
    rig.consumers({
      'partner.changed.1': forEachEvent(async (trx, event) => {
        attempts += 1;
        if (!arrived) throw new RetryLater('the partner is not known yet');
        await insertEffect(trx, event);
      }),
    });
    const relay = rig.relay();
    await rig.record(['early']);
    relay.wake();
    await rig.until(async () => attempts >= 3, 'repeated attempts');
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
});
