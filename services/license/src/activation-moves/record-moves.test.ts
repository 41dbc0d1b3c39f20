import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { License, LicenseHistoryPage } from '@smartserver/contracts';
import { sql } from 'kysely';
import {
  givenAssigned,
  type Harness,
  MAINTENANCE,
  moveOf,
  startHarness,
  threeMoves,
  unknownId,
} from '../../test/harness.ts';
import { license as licenseService } from '../service.ts';
import { earlier } from './record-moves.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const INSTALL_CODE = '0302E1C2A8F40011';
const TERM = { activatedAt: '2026-03-01T13:00:00.000Z', expiresAt: '2029-03-01T13:00:00.000Z' };

const read = async (url: string) => (await harness.get(harness.staff, url)).json<License>();
const historyOf = async (url: string) =>
  (await harness.get(harness.staff, `${url}/history`)).json<LicenseHistoryPage>().items;

test('an activation shows on the license, and in its history with who did it and where', async () => {
  const { license, customerId, url } = await givenAssigned(harness, MAINTENANCE);
  await harness.take(moveOf('licenses.activated.1', license, customerId, { version: 1, ...TERM }));
  expect(await read(url)).toMatchObject({
    place: 'controller',
    status: 'active',
    customerId,
    installCode: INSTALL_CODE,
    ...TERM,
    // Not this service's own change: the ETag of an edit stays.
    version: 2,
  });
  expect((await historyOf(url)).at(-1)).toMatchObject({
    event: 'activated',
    at: TERM.activatedAt,
    customerId,
    installCode: INSTALL_CODE,
  });
});

test('a return puts the license back with its customer; the term goes on', async () => {
  const { license, customerId, url } = await givenAssigned(harness, MAINTENANCE);
  await harness.take(moveOf('licenses.activated.1', license, customerId, { version: 1, ...TERM }));
  await harness.take(moveOf('licenses.returned.1', license, customerId, { version: 2, ...TERM }));
  expect(await read(url)).toMatchObject({
    place: 'customer',
    status: 'assigned',
    installCode: null,
    activatedAt: null,
    expiresAt: TERM.expiresAt,
  });
});

test('events that arrive in any order lead to the same license and the same history', async () => {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  for (const order of orders) {
    const { license, customerId, url } = await givenAssigned(harness, MAINTENANCE);
    const moves = threeMoves(license, customerId);
    for (const index of order) {
      const move = moves[index];
      if (move !== undefined) await harness.take(move);
    }
    expect(await read(url)).toMatchObject({
      place: 'controller',
      activatedAt: '2026-03-01T15:00:00.000Z',
      expiresAt: TERM.expiresAt,
    });
    expect((await historyOf(url)).map((entry) => entry.event)).toEqual([
      'purchased',
      'transferred',
      'activated',
      'returned',
      'activated',
    ]);
    const row = await harness.database.kysely
      .selectFrom('licenses')
      .select('first_activated_at')
      .where('license_id', '=', license.licenseId)
      .executeTakeFirst();
    expect(row?.first_activated_at).toEqual(new Date('2026-03-01T13:00:00.000Z'));
  }
});

test('when a term starts is known from the first event that says it; events of before, which do not, take nothing away', async () => {
  const startsAt = '2026-09-01T00:00:00.000Z';
  const { license, customerId, url } = await givenAssigned(harness, MAINTENANCE);
  const moves = [
    moveOf('licenses.activated.1', license, customerId, { version: 1, ...TERM }),
    moveOf('licenses.returned.1', license, customerId, { version: 2, ...TERM, startsAt }),
    moveOf('licenses.activated.1', license, customerId, { version: 3, ...TERM }),
  ];
  const known: (string | null)[] = [];
  for (const move of moves) {
    await harness.take(move);
    known.push((await read(url)).startsAt);
  }
  expect(known).toEqual([null, startsAt, startsAt]);
});

test('the start of terms from before the column was added is found, that of a renewal by what it renews', async () => {
  const [one, two] = [await givenAssigned(harness, MAINTENANCE), await givenAssigned(harness, MAINTENANCE)];
  const first = '2024-02-29T10:00:00.000Z';
  const dated = (
    licenseId: string,
    set: { first_activated_at: string; expires_at: string; term_years: number },
    renews: string | null,
  ) =>
    sql`update licenses set first_activated_at = ${set.first_activated_at}, expires_at = ${set.expires_at},
      term_years = ${set.term_years}, renews = ${renews}, starts_at = null where license_id = ${licenseId}`.execute(
      harness.database.kysely,
    );
  const expires_at = '2028-02-29T10:00:00.000Z';
  await dated(one.license.licenseId, { first_activated_at: first, expires_at, term_years: 4 }, null);
  const queued = { first_activated_at: first, expires_at: '2029-02-28T10:00:00.000Z', term_years: 1 };
  await dated(two.license.licenseId, queued, one.license.licenseId);
  const migration = readFileSync(join(licenseService.migrations, '0002_renewals.sql'), 'utf8');
  await sql.raw(migration.slice(migration.indexOf('update licenses'))).execute(harness.database.kysely);
  expect([(await read(one.url)).startsAt, (await read(two.url)).startsAt]).toEqual([first, expires_at]);
});

test('moves of the same instant keep the order in which activation decided them', async () => {
  const { license, customerId, url } = await givenAssigned(harness);
  const activated = moveOf('licenses.activated.1', license, customerId, { version: 1 });
  const returned = moveOf('licenses.returned.1', license, customerId, { version: 2 });
  await harness.take(returned);
  await harness.take(activated);
  expect((await historyOf(url)).slice(-2).map((entry) => entry.event)).toEqual(['activated', 'returned']);
});

test('the same event delivered ten times at once makes one entry', async () => {
  const { license, customerId, url } = await givenAssigned(harness);
  const move = moveOf('licenses.activated.1', license, customerId, { version: 1 });
  await Promise.all(Array.from({ length: 10 }, () => harness.take(move)));
  expect((await historyOf(url)).filter((entry) => entry.event === 'activated')).toHaveLength(1);
});

test('several licenses that move together each get their entry', async () => {
  const first = await givenAssigned(harness);
  const second = await givenAssigned(harness);
  const event = moveOf('licenses.activated.1', first.license, first.customerId, { version: 1 });
  const other = moveOf('licenses.activated.1', second.license, second.customerId, { version: 1 });
  event.data.licenses.push(...other.data.licenses);
  await harness.take(event);
  for (const { url } of [first, second]) {
    expect(await read(url)).toMatchObject({ place: 'controller' });
    expect((await historyOf(url)).at(-1)).toMatchObject({ event: 'activated' });
  }
});

test('a batch of events has the effect that each would have had alone, also on the same license', async () => {
  const first = await givenAssigned(harness, MAINTENANCE);
  const second = await givenAssigned(harness, MAINTENANCE);
  const at = (hour: number) => `2026-03-01T${hour}:00:00.000Z`;
  const activated = ({ license, customerId }: typeof first, version: number, installCode: string) =>
    moveOf('licenses.activated.1', license, customerId, {
      version,
      installCode,
      activatedAt: at(12 + version),
      expiresAt: TERM.expiresAt,
    });
  // The later move of the first license comes before the earlier one.
  const batch = [
    activated(first, 3, 'ABCDEF0011223344'),
    activated(second, 1, 'ABCDEF0011223355'),
    activated(first, 1, 'ABCDEF0011223366'),
  ] as const;
  await harness.database.kysely
    .transaction()
    .execute(async (trx) => harness.handlers['licenses.activated.1']?.(trx, batch));
  expect(await read(first.url)).toMatchObject({
    installCode: 'ABCDEF0011223344',
    activatedAt: at(15),
    expiresAt: TERM.expiresAt,
  });
  expect(await read(second.url)).toMatchObject({ installCode: 'ABCDEF0011223355', activatedAt: at(13) });
  expect((await historyOf(first.url)).slice(2).map((entry) => [entry.event, entry.installCode])).toEqual([
    ['activated', 'ABCDEF0011223366'],
    ['activated', 'ABCDEF0011223344'],
  ]);
});

test('an event of a license that is not known here yet is retried later, and has no effect', async () => {
  const { license, customerId, url } = await givenAssigned(harness);
  const event = moveOf('licenses.activated.1', license, customerId, { version: 1 });
  const unknown = moveOf('licenses.activated.1', { ...license, licenseId: unknownId() }, customerId, { version: 1 });
  event.data.licenses.push(...unknown.data.licenses);
  await expect(harness.take(event)).rejects.toMatchObject({ name: 'RetryLater' });
  expect(await read(url)).toMatchObject({ place: 'customer' });
});

test('of two instants the earlier one counts, and an unknown one never', () => {
  const [a, b] = [new Date('2026-03-01'), new Date('2026-03-02')];
  expect([earlier(a, b), earlier(b, a), earlier(a, null), earlier(null, b), earlier(null, null)]).toEqual([
    a,
    a,
    a,
    b,
    null,
  ]);
});
