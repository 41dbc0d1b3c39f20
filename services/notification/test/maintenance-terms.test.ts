import type { EventEnvelope } from '@smartserver/contracts';
import { normalizeInstallCode } from '@smartserver/contracts';
import { type Database, systemIds } from '@smartserver/service-kit';
import { createTestDatabase, deliver, testClock } from '@smartserver/testing';
import fc from 'fast-check';
import { sql } from 'kysely';
import { notificationHandlers } from '../src/consumers/index.ts';
import { notificationMigrations } from '../src/migrations.ts';
import type { Tables } from '../src/model/tables.ts';
import { customerA, customerChanged, installCode, licenseChanged, movedOff, movedOn, partnerA } from './support.ts';

const handlers = notificationHandlers({ clock: testClock(), ids: systemIds, mailDomain: 'mail.example' });
const elsewhere = { installCode: normalizeInstallCode('0302E1C2A8F40022'), segmentName: 'Building 2' };
let database: Database<Tables>;

beforeAll(async () => {
  const directories = [notificationMigrations];
  database = await createTestDatabase<Tables>({ directories, service: 'notification' });
});
afterAll(() => database.close());
beforeEach(async () => {
  await sql`truncate maintenance_terms, emails, customers, inbox`.execute(database.kysely);
  await arrive(customerChanged());
});

const arrive = (event: EventEnvelope) => deliver(database, handlers, event);
const terms = () => database.kysely.selectFrom('maintenance_terms').selectAll().execute();

test('a license that is on a controller is known with its place, its term and its standing', async () => {
  await arrive(licenseChanged());
  await arrive(movedOn([{}]));
  expect(await terms()).toMatchObject([
    {
      partner_id: partnerA,
      customer_id: customerA,
      device_count: 1000,
      standing: 'good',
      install_code: installCode,
      segment_name: 'Building 1',
      expires_at: new Date('2027-03-01T12:00:00.000Z'),
    },
  ]);
});

test('news of other kinds of licenses leave nothing', async () => {
  await arrive(licenseChanged({ kind: 'capacity', termYears: null }));
  await arrive(movedOn([{ kind: 'core', expiresAt: null }]));
  expect(await terms()).toEqual([]);
});

test('whatever the order in which news arrive, and how often, the same is known in the end', async () => {
  const later = { activatedAt: '2026-06-01T08:00:00.000Z' };
  const news = [
    licenseChanged({ version: 1 }),
    licenseChanged({ version: 2, standing: 'suspended' }),
    licenseChanged({ version: 3, deviceCount: 600 }),
    movedOn([{ activationVersion: 1 }]),
    movedOff([{ activationVersion: 2 }]),
    movedOn([{ activationVersion: 3, ...later }], elsewhere),
  ];
  const order = fc.shuffledSubarray([...news, ...news], { minLength: 12 });
  await fc.assert(
    fc
      .asyncProperty(order, async (events) => {
        for (const event of events) {
          await arrive(event);
          // Without the inbox a repeated event reaches the projection again.
          await sql`delete from inbox`.execute(database.kysely);
        }
        expect(await terms()).toMatchObject([
          {
            version: 3,
            device_count: 600,
            standing: 'good',
            activation_version: 3,
            install_code: elsewhere.installCode,
            segment_name: elsewhere.segmentName,
            first_moved_at: new Date('2026-03-01T12:00:00.000Z'),
            expires_at: new Date('2027-03-01T12:00:00.000Z'),
          },
        ]);
      })
      .beforeEach(async () => {
        await sql`delete from maintenance_terms`.execute(database.kysely);
      }),
    { numRuns: 30 },
  );
});
