import { sql } from 'kysely';
import { Harness, licenseId } from '../../test/harness.ts';
import { anna, customerB, customerChanged, movedOff, partnerA, partnerB } from '../../test/support.ts';

const harness = Harness.install();
const END = '2027-03-01T12:00:00.000Z';

beforeEach(async () => {
  harness.clock.set('2026-03-01T12:00:00.000Z');
  await harness.arrive(customerChanged({ contacts: [anna] }));
});

describe('a renewal', () => {
  test('is notified once when its term is dated, also after a return and a re-activation, and not of a part of a split', async () => {
    await harness.activate(1, END);
    await harness.activate(2, '2028-03-01T12:00:00.000Z', { license: { renews: licenseId(1) } });
    await harness.run();
    await harness.arrive(movedOff([{ licenseId: licenseId(2), activationVersion: 2 }]));
    harness.clock.advance(86_400_000);
    const begun = '2026-03-01T12:00:00.000Z';
    for (const n of [2, 4]) {
      const license = { renews: licenseId(1), version: 3, deviceCount: 500, firstActivatedAt: begun };
      await harness.activate(n, '2028-03-01T12:00:00.000Z', { license, move: { activationVersion: 3 } });
    }
    await harness.run();
    expect(await harness.notified()).toEqual([['2026-03-01', anna.email, 'maintenance_renewed', [2]]]);
  });

  test('is notified in the digest of its own partner, and of Customer Success', async () => {
    await sql`insert into digest_settings (partner_id, recipients, thresholds, expirations, renewals, language, version, told_through)
      values (${partnerA}, '{a@integrator.example}', '{}', true, true, 'en', 1, '2026-11-01'),
             (${partnerB}, '{b@integrator.example}', '{}', true, true, 'en', 1, '2026-11-01'),
             (null, '{cs@vendor.example}', '{}', true, true, 'en', 1, '2026-11-01')`.execute(harness.database.kysely);
    await harness.arrive(customerChanged({ customerId: customerB, partnerId: partnerB, contacts: [] }));
    await harness.putSettings({ contacts: false });
    const ofB = { customerId: customerB, partnerId: partnerB };
    await harness.activate(1, END);
    await harness.activate(2, '2028-03-01T12:00:00.000Z', { license: { renews: licenseId(1) } });
    await harness.activate(3, END, { license: ofB });
    await harness.activate(4, '2028-03-01T12:00:00.000Z', { license: { ...ofB, renews: licenseId(3) } });
    await harness.run();
    const notified = (await harness.notified()).map(([, to, subject, licenses]) => [to, subject, licenses]);
    expect(notified.toSorted()).toEqual([
      ['a@integrator.example', 'maintenance_renewed', [2]],
      ['b@integrator.example', 'maintenance_renewed', [4]],
      ['cs@vendor.example', 'maintenance_renewed', [2, 4]],
    ]);
  });

  test('is not notified where the switch is off', async () => {
    await harness.putSettings({ renewals: false });
    await harness.activate(1, END);
    await harness.activate(2, '2028-03-01T12:00:00.000Z', { license: { renews: licenseId(1) } });
    await harness.run();
    expect(await harness.notified()).toEqual([]);
  });
});
