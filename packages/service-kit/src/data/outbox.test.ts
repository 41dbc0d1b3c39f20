import { createTestDatabase, outboxEvents, type TestDatabase, testClock, testIds } from '@smartserver/testing';
import { Kysely, PostgresDialect } from 'kysely';
import { type KitTables, recordEvent, recordEvents } from '../index.ts';

let database: TestDatabase<KitTables>;
beforeAll(async () => {
  database = await createTestDatabase<KitTables>({ directories: [], service: 'outbox' });
});
afterAll(() => database.close());

describe('events', () => {
  const cause = { actor: { kind: 'system', id: 'test' } as const, traceparent: null };
  const tools = { clock: testClock(), ids: testIds() };
  const customer = { customerId: 'c' as never, partnerId: 'p' as never, name: 'n', contacts: [], version: 1 };

  test('are written once for each queue that consumes them, under one id', async () => {
    await database.pool.query('truncate outbox');
    await database.kysely
      .transaction()
      .execute((trx) => recordEvent(trx, tools, cause, { type: 'customer.changed.1', data: customer }));
    const { rows } = await database.pool.query('select event_id, queue from outbox order by queue');
    expect(rows.map(({ queue }) => queue)).toEqual([
      'activation-accounts',
      'license-accounts',
      'notification-accounts',
    ]);
    expect(new Set(rows.map(({ event_id }) => event_id)).size).toBe(1);
    expect(await outboxEvents(database)).toEqual([
      {
        id: rows[0]?.event_id,
        type: 'customer.changed.1',
        occurredAt: '2026-03-01T12:00:00.000Z',
        actor: cause.actor,
        traceparent: null,
        data: customer,
      },
    ]);
  });

  test('vanish with the change they describe', async () => {
    await database.pool.query('truncate outbox');
    const failing = database.kysely.transaction().execute(async (trx) => {
      await recordEvent(trx, tools, cause, { type: 'customer.changed.1', data: customer });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await outboxEvents(database)).toEqual([]);
  });

  test('of any number are written in order, as they are, each with its own id', async () => {
    await database.pool.query('truncate outbox');
    const names = Array.from({ length: 500 }, (_, i) => `{"${i}", \\ 'ä' \n} null`);
    const events = names.map((name) => ({ type: 'customer.changed.1' as const, data: { ...customer, name } }));
    let statements = 0;
    const counting = new Kysely<KitTables>({
      dialect: new PostgresDialect({ pool: database.pool }),
      log: ({ query }) => {
        statements += query.sql.includes('outbox') ? 1 : 0;
      },
    });
    await counting.transaction().execute((trx) => recordEvents(trx, tools, cause, events));
    expect(statements).toBe(1);
    const recorded = await outboxEvents(database);
    expect(recorded.map(({ data }) => data)).toEqual(events.map(({ data }) => data));
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(500);
    await counting.transaction().execute((trx) => recordEvents(trx, tools, cause, []));
    expect(statements).toBe(1);
  });
});
