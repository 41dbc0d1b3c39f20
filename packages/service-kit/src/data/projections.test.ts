import type { EventEnvelope, EventType } from '@smartserver/contracts';
import { createTestDatabase, deliver, makeEvent, type TestDatabase, testLogger } from '@smartserver/testing';
import { createProjections, type KitTables, openDatabase, receiveEvent } from '../index.ts';

/** Two processes of one service: each has a pool and a listener of its own, on one database. */
describe('projections', () => {
  let database: TestDatabase<KitTables>;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    database = await createTestDatabase<KitTables>({ directories: [], service: 'projections' });
    await database.pool.query('create table partners (name text)');
  });
  afterAll(() => database.close());
  beforeEach(() => database.pool.query('truncate inbox, partners'));
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  const LONG = { timeoutMs: 20_000 };

  const processOf = (service: string, timing: Parameters<typeof createProjections>[0]['timing']) => {
    const own = openDatabase<KitTables>({ url: database.url, poolSize: 2, service, logger: testLogger() });
    const projections = createProjections({ database: own, logger: testLogger(), timing });
    stops.push(
      () => own.close(),
      () => projections.stop(),
    );
    return { database: own, projections };
  };

  /** Reads the row, counts how often, and resolves when the first read is done. */
  const reader = () => {
    let began = (): void => undefined;
    const reading = {
      count: 0,
      first: new Promise<void>((resolve) => {
        began = resolve;
      }),
      read: async (): Promise<string | null> => {
        reading.count += 1;
        const { rows } = await database.pool.query<{ name: string }>('select name from partners');
        began();
        return rows[0]?.name ?? null;
      },
    };
    return reading;
  };

  const partnerChanged = (name = 'Nordlicht') =>
    makeEvent('partner.changed.1', { partnerId: crypto.randomUUID(), name, version: 1 });

  /** Takes an event as a consumer of the process does. */
  const take = (own: Pick<TestDatabase<KitTables>, 'kysely'>, event: EventEnvelope<EventType>, effect = true) =>
    receiveEvent(own, 'license-accounts', {
      event,
      handler: async (trx) => {
        const { name } = event.data as { name: string };
        if (effect)
          await (trx as never as typeof database.kysely)
            .insertInto('partners' as never)
            .values({ name } as never)
            .execute();
      },
    });

  const listeners = async (service: string): Promise<number[]> => {
    const { rows } = await database.pool.query<{ pid: number }>(
      'select pid from pg_stat_activity where datname = current_database() and application_name = $1',
      [`${service} notices`],
    );
    return rows.map(({ pid }) => pid);
  };

  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    const end = performance.now() + 10_000;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error('not within 10 s');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  test('what is there is read once, and no connection is opened for it', async () => {
    const { projections } = processOf('a', LONG);
    await take(database, partnerChanged());
    const reading = reader();
    expect(await projections.waitFor(reading.read, ['partner.changed.1'])).toBe('Nordlicht');
    expect(reading.count).toBe(1);
    expect(await listeners('a')).toEqual([]);
  });

  test.each(['this', 'another'])('an event that %s process takes ends the wait', async (which) => {
    const waiting = processOf('a', LONG);
    const other = processOf('b', LONG);
    const reading = reader();
    const result = waiting.projections.waitFor(reading.read, ['customer.changed.1', 'partner.changed.1']);
    await reading.first;
    await take(which === 'this' ? waiting.database : other.database, partnerChanged());
    expect(await result).toBe('Nordlicht');
    expect(reading.count).toBeLessThanOrEqual(3);
  });

  test('an id that nobody knows costs exactly two reads, with and without an open connection', async () => {
    const { projections } = processOf('a', { timeoutMs: 300 });
    for (const _ of ['without', 'with']) {
      const reading = reader();
      const began = performance.now();
      expect(await projections.waitFor(reading.read, ['partner.changed.1'])).toBeNull();
      expect(performance.now() - began).toBeGreaterThan(290);
      expect(reading.count).toBe(2);
    }
    expect(await listeners('a')).toHaveLength(1);
  });

  test('events of other types, repeated ones and those that were rolled back do not lead to a read', async () => {
    const { projections } = processOf('a', { timeoutMs: 500, spacingMs: 1 });
    const known = partnerChanged();
    await take(database, known, false);
    // Opens the connection.
    await projections.waitFor(async () => null, []);
    const reading = reader();
    const result = projections.waitFor(reading.read, ['partner.changed.1']);
    await reading.first;
    await take(database, known);
    for (let i = 0; i < 10; i += 1)
      await deliver(database, { 'customer.changed.1': async () => {} }, customerChanged());
    const failing = receiveEvent(database, 'license-accounts', {
      event: partnerChanged(),
      handler: async () => {
        throw new Error('rolled back');
      },
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await result).toBeNull();
    expect(reading.count).toBe(2);
  });

  test('many notices lead to few reads of each of many waiters, and all share one connection', async () => {
    const { projections } = processOf('a', LONG);
    const readings = Array.from({ length: 20 }, reader);
    const results = readings.map(({ read }) => projections.waitFor(read, ['partner.changed.1']));
    await Promise.all(readings.map(({ first }) => first));
    const began = performance.now();
    for (let i = 0; i < 50; i += 1) await take(database, partnerChanged(), i === 49);
    const span = performance.now() - began;
    expect(await Promise.all(results)).toEqual(readings.map(() => 'Nordlicht'));
    expect(await listeners('a')).toHaveLength(1);
    for (const { count } of readings) expect(count).toBeLessThanOrEqual(4 + span / 50);
  });

  test('an event that is taken while the connection is lost is found after it is there again', async () => {
    const { projections } = processOf('a', LONG);
    const reading = reader();
    const result = projections.waitFor(reading.read, ['partner.changed.1']);
    await until(async () => (await listeners('a')).length === 1 && reading.count === 2);
    const [pid] = await listeners('a');
    await database.pool.query('select pg_terminate_backend($1)', [pid]);
    await database.pool.query(`insert into partners values ('Nordlicht')`);
    expect(await result).toBe('Nordlicht');
    expect(await listeners('a')).not.toContain(pid);
  });

  test('the connection is closed some time after the last wait, and opened again by the next', async () => {
    const { projections } = processOf('a', { timeoutMs: 100, idleMs: 50 });
    for (const _ of ['once', 'again']) {
      const reading = reader();
      expect(await projections.waitFor(reading.read, ['partner.changed.1'])).toBeNull();
      expect(await listeners('a')).toHaveLength(1);
      await until(async () => (await listeners('a')).length === 0);
    }
  });

  test('stopping ends the waits and leaves no connection', async () => {
    const { projections } = processOf('a', LONG);
    const reading = reader();
    const result = projections.waitFor(reading.read, ['partner.changed.1']);
    await until(async () => (await listeners('a')).length === 1);
    await projections.stop();
    expect(await result).toBeNull();
    await until(async () => (await listeners('a')).length === 0);
  });

  test('a connection that cannot be opened costs exactly two reads, and one warning', async () => {
    const own = openDatabase<KitTables>({
      url: 'postgres://127.0.0.1:1/d',
      poolSize: 1,
      service: 'a',
      logger: testLogger(),
    });
    const warn = jest.fn();
    const logger = Object.assign(testLogger(), { warn });
    const projections = createProjections({ database: own, logger, timing: { timeoutMs: 700 } });
    stops.push(
      () => own.close(),
      () => projections.stop(),
    );
    const reading = reader();
    expect(await projections.waitFor(reading.read, ['partner.changed.1'])).toBeNull();
    expect(reading.count).toBe(2);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  test('what a read throws comes out, and the connection is let go', async () => {
    const { projections } = processOf('a', { ...LONG, idleMs: 10 });
    let reads = 0;
    const read = async () => {
      reads += 1;
      if (reads === 2) throw new Error('the database is away');
      return null;
    };
    await expect(projections.waitFor(read, ['partner.changed.1'])).rejects.toThrow('the database is away');
    await until(async () => (await listeners('a')).length === 0);
  });

  const customerChanged = () =>
    makeEvent('customer.changed.1', {
      customerId: crypto.randomUUID(),
      partnerId: crypto.randomUUID(),
      name: 'Werk 1',
      contacts: [],
      version: 1,
    });
});
