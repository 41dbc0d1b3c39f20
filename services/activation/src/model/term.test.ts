import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivationsResult, ControllerLicensePage } from '@smartserver/contracts';
import { sql } from 'kysely';
import { type Account, givenAccount, givenCms, givenLicense } from '../../test/given.ts';
import { type Harness, type NewLicense, startHarness } from '../../test/harness.ts';
import { activation } from '../service.ts';
import { startOf, termOf } from './term.ts';

/* A term of maintenance starts when the one that it renews ends (rule 6): the start is kept, shown and published. */

const NOW = '2026-03-01T12:00:00.000Z';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(() => harness.clock.set(NOW));
afterAll(() => harness.close());

const givenYear = (account: Account, license: NewLicense = {}) =>
  givenLicense(harness, account, { kind: 'maintenance', termYears: 1, ...license });

const renewing = (account: Account, licenseId: string, license: NewLicense = {}) =>
  givenYear(account, { renews: licenseId as never, ...license });

const termsOn = async (device: Awaited<ReturnType<typeof givenCms>>) => {
  const { items } = (await device.onIt()).json<ControllerLicensePage>();
  return new Map(items.map((item) => [item.licenseId, [item.startsAt, item.expiresAt]]));
};

test('the term of a renewal that is activated early starts when the license that it renews expires, as lists and events show', async () => {
  const account = await givenAccount(harness, [{ kind: 'capacity' }]);
  const [capacity = ''] = account.licenseIds;
  const first = await givenYear(account);
  const second = await renewing(account, first);
  const device = await givenCms(harness, account);
  await device.activate([first, capacity]);
  harness.clock.set('2026-12-01T00:00:00Z');
  await device.activate([second]);

  const terms = {
    [first]: [NOW, '2027-03-01T12:00:00.000Z'],
    [capacity]: [null, null],
    [second]: ['2027-03-01T12:00:00.000Z', '2028-03-01T12:00:00.000Z'],
  };
  expect(Object.fromEntries(await termsOn(device))).toEqual(terms);
  await device.giveBack({ all: true });
  for (const type of ['licenses.activated.1', 'licenses.returned.1'] as const) {
    const recorded = (await harness.events(type)).filter((event) => event.data.installCode === device.installCode);
    const licenses = recorded.flatMap((event) => event.data.licenses);
    expect(Object.fromEntries(licenses.map((one) => [one.licenseId, [one.startsAt, one.expiresAt]]))).toEqual(terms);
  }
  const { items } = (await device.available()).json<{ items: { licenseId: string; startsAt: string | null }[] }>();
  expect(items.find((item) => item.licenseId === second)?.startsAt).toBe('2027-03-01T12:00:00.000Z');
});

test('several partial renewals of one license all start when it expires, or when they are activated themselves', async () => {
  const account = await givenAccount(harness);
  const whole = await givenYear(account, { deviceCount: 1000 });
  const parts = [
    await renewing(account, whole, { deviceCount: 600 }),
    await renewing(account, whole, { deviceCount: 300, termYears: 3 }),
    await renewing(account, whole, { deviceCount: 100 }),
  ];
  const [early = '', together = '', late = ''] = parts;
  const device = await givenCms(harness, account);
  await device.activate([together, whole]);
  harness.clock.set('2026-06-01T00:00:00Z');
  await device.activate([early]);
  harness.clock.set('2028-01-01T00:00:00Z');
  await device.activate([late]);
  const terms = await termsOn(device);
  expect([whole, ...parts].map((id) => terms.get(id))).toEqual([
    [NOW, '2027-03-01T12:00:00.000Z'],
    ['2027-03-01T12:00:00.000Z', '2028-03-01T12:00:00.000Z'],
    ['2027-03-01T12:00:00.000Z', '2030-03-01T12:00:00.000Z'],
    ['2028-01-01T00:00:00.000Z', '2029-01-01T00:00:00.000Z'],
  ]);
});

test('a return and another activation leave the start of a term where it was', async () => {
  const account = await givenAccount(harness);
  const first = await givenYear(account);
  const second = await renewing(account, first);
  const device = await givenCms(harness, account);
  await device.activate([first, second]);
  const before = await termsOn(device);
  await device.giveBack({ all: true });
  harness.clock.set('2026-09-01T00:00:00Z');
  await device.activate([second, first]);
  expect(await termsOn(device)).toEqual(before);
});

test('a term that was dated does not move when the license that it renews is activated afterwards: its own renewal follows it', async () => {
  const account = await givenAccount(harness);
  const first = await givenYear(account);
  const second = await renewing(account, first);
  const third = await renewing(account, second);
  const device = await givenCms(harness, account);
  await device.activate([second]);
  harness.clock.set('2026-06-01T00:00:00Z');
  await device.activate([first]);
  await device.activate([third]);
  const terms = await termsOn(device);
  expect(terms.get(second)).toEqual([NOW, '2027-03-01T12:00:00.000Z']);
  expect(terms.get(third)).toEqual(['2027-03-01T12:00:00.000Z', '2028-03-01T12:00:00.000Z']);
});

test('a part of a split shares the start that its event hands on, whatever it renews', async () => {
  const account = await givenAccount(harness);
  const first = await givenYear(account);
  const part = await renewing(account, first, {
    firstActivatedAt: '2023-10-01T00:00:00.000Z',
    startsAt: '2024-02-29T10:00:00.000Z',
  });
  const device = await givenCms(harness, account);
  await device.activate([first, part]);
  expect((await termsOn(device)).get(part)).toEqual(['2024-02-29T10:00:00.000Z', '2025-02-28T10:00:00.000Z']);
});

test('the document says when a term begins that begins later, and an answer that was kept before it was known is given again as it was', async () => {
  const account = await givenAccount(harness);
  const first = await givenYear(account);
  const second = await renewing(account, first);
  const device = await givenCms(harness, account);
  const key = { 'idempotency-key': randomUUID() };
  const answer = await device.activate([first, second], key);
  const read = (from: { json<T>(): T }) => harness.verify(from.json<ActivationsResult>().document);
  const document = read(answer);
  expect(document.formatVersion).toBe(2);
  expect(Object.fromEntries(document.licenses.map((one) => [one.licenseId, one.startsAt]))).toEqual({
    [first]: undefined,
    [second]: '2027-03-01T12:00:00.000Z',
  });
  expect(harness.verify((await device.document()).json())).toEqual(document);

  // As a version of before has kept them.
  const kept = await harness.database.kysely.selectFrom('idempotency_keys').selectAll().execute();
  for (const { scope, key: of, result } of kept) {
    const facts = JSON.parse(result ?? '');
    for (const license of facts.licenses) delete license.startsAt;
    await harness.database.kysely
      .updateTable('idempotency_keys')
      .set({ result: JSON.stringify(facts) })
      .where('scope', '=', scope)
      .where('key', '=', of)
      .execute();
  }
  const again = await device.activate([first, second], key);
  expect([again.statusCode, read(again).formatVersion]).toEqual([201, 1]);
  expect(again.json<ActivationsResult>().activations).toEqual(answer.json<ActivationsResult>().activations);
});

describe('terms that were dated before their start was kept', () => {
  const migration = readFileSync(join(activation.migrations, '0003_term_starts.sql'), 'utf8');
  const backfill = migration.slice(migration.indexOf('update licenses'));

  // First days around the end of February, which calendar years treat differently, and years around leap years.
  const firstDays = ['2023-02-28', '2023-03-01', '2024-02-28', '2024-02-29', '2024-03-01', '2025-12-31'].map(
    (day) => new Date(`${day}T23:59:59.999Z`),
  );

  test('get it from their end: the same that a new dating would give, on leap days, too', async () => {
    const account = await givenAccount(harness);
    const expected = new Map<string, string>();
    for (const first of firstDays) {
      for (const [years, more] of [1, 3, 4].flatMap((one) => [1, 3, 4].map((two) => [one, two] as const))) {
        const root = await insertDated(account, null, first, years, []);
        const queued = await insertDated(account, root.license_id, first, more, [root]);
        const late = await insertDated(account, root.license_id, new Date('2031-02-28T00:00:00Z'), more, [root]);
        for (const { license_id, start } of [root, queued, late]) expected.set(license_id, start.toISOString());
      }
    }
    await sql.raw(backfill).execute(harness.database.kysely);
    const rows = await harness.database.kysely
      .selectFrom('licenses')
      .selectAll()
      .where('license_id', 'in', [...expected.keys()])
      .execute();
    expect(Object.fromEntries(rows.map((row) => [row.license_id, row.starts_at?.toISOString()]))).toEqual(
      Object.fromEntries(expected),
    );
  });

  test('by a version of before that still runs: the start is found when it is asked for', async () => {
    const account = await givenAccount(harness);
    const root = await insertDated(account, null, new Date('2024-02-29T10:00:00Z'), 1, []);
    const queued = await insertDated(account, root.license_id, new Date('2024-06-01T00:00:00Z'), 1, [root]);
    expect([root, queued].map((row) => startOf({ ...row, starts_at: null })?.toISOString())).toEqual([
      '2024-02-29T10:00:00.000Z',
      '2025-02-28T10:00:00.000Z',
    ]);
  });
});

type Dated = {
  license_id: string;
  first_activated_at: Date;
  starts_at: null;
  expires_at: Date;
  term_years: number;
  start: Date;
};

/** A license as a version of before has dated it. */
const insertDated = async (
  account: Account,
  renews: string | null,
  firstActivatedAt: Date,
  termYears: number,
  renewed: Dated[],
): Promise<Dated> => {
  const term = termOf(
    renewed.map((one) => ({ ...one, starts_at: one.start })),
    { firstActivatedAt, termYears },
  );
  const dated = {
    license_id: randomUUID(),
    first_activated_at: firstActivatedAt,
    starts_at: null,
    expires_at: term.expiresAt,
    term_years: termYears,
  };
  await harness.database.kysely
    .insertInto('licenses')
    .values({
      ...dated,
      partner_id: account.partnerId,
      customer_id: account.customerId,
      version: 1,
      kind: 'maintenance',
      device_count: 10,
      renews,
      owner: 'customer',
      standing: 'good',
      note: '',
    })
    .execute();
  return { ...dated, start: term.startsAt };
};
