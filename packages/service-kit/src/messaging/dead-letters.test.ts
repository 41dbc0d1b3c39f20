import { makeEvent } from '@smartserver/testing';
import { BACKENDS, insertEffect, type Rig, startRig } from '../../test/support/rig.ts';
import { forEachEvent, listDeadLetters, retryDeadLetters } from '../index.ts';
import { deadLetterCommand } from './dead-letters.ts';

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
});
