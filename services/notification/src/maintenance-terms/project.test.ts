import { normalizeInstallCode } from '@smartserver/contracts';
import fc from 'fast-check';
import { sql } from 'kysely';
import { Harness } from '../../test/harness.ts';
import {
  customerA,
  customerChanged,
  installCode,
  licenseChanged,
  movedOff,
  movedOn,
  partnerA,
} from '../../test/support.ts';

const elsewhere = { installCode: normalizeInstallCode('0302E1C2A8F40022'), segmentName: 'Building 2' };
const harness = Harness.install();

beforeEach(() => harness.arrive(customerChanged()));

const terms = () => harness.database.kysely.selectFrom('maintenance_terms').selectAll().execute();

test('a license that is on a controller is known with its place, its term and its standing', async () => {
  await harness.arrive(licenseChanged());
  await harness.arrive(movedOn([{}]));
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

test('events of other kinds of licenses leave nothing', async () => {
  await harness.arrive(licenseChanged({ kind: 'capacity', termYears: null }));
  await harness.arrive(movedOn([{ kind: 'core', expiresAt: null }]));
  expect(await terms()).toEqual([]);
});

test('whatever the order in which events arrive, and how often, the same is known in the end', async () => {
  const later = { activatedAt: '2026-06-01T08:00:00.000Z' };
  const events = [
    licenseChanged({ version: 1 }),
    licenseChanged({ version: 2, standing: 'suspended' }),
    licenseChanged({ version: 3, deviceCount: 600 }),
    movedOn([{ activationVersion: 1 }]),
    movedOff([{ activationVersion: 2 }]),
    movedOn([{ activationVersion: 3, ...later }], elsewhere),
  ];
  const order = fc.shuffledSubarray([...events, ...events], { minLength: 12 });
  await fc.assert(
    fc
      .asyncProperty(order, async (shuffled) => {
        for (const event of shuffled) {
          await harness.arrive(event);
          // Without the inbox a repeated event reaches the projection again.
          await sql`delete from inbox`.execute(harness.database.kysely);
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
        await sql`delete from maintenance_terms`.execute(harness.database.kysely);
      }),
    { numRuns: 30 },
  );
});
