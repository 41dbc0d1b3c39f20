import { sql } from 'kysely';
import { Harness, licenseId } from '../../test/harness.ts';
import { anna, customerChanged, jens, licenseChanged } from '../../test/support.ts';

const harness = Harness.install();
const END = '2027-03-01T12:00:00.000Z';

beforeEach(async () => {
  harness.clock.set('2026-03-01T12:00:00.000Z');
  await harness.arrive(customerChanged({ contacts: [anna] }));
});

describe('what is no longer true before it could be sent is cancelled', () => {
  beforeEach(async () => {
    await harness.activate(1, END);
    await harness.activate(2, END, { license: { deviceCount: 70 } });
    await harness.runAt('2026-12-01T06:00:00.000Z');
    expect(await harness.outcomes()).toEqual(['pending']);
  });

  test('once all notices of an e-mail are cancelled', async () => {
    await harness.arrive(licenseChanged({ licenseId: licenseId(1), version: 2, standing: 'revoked' }));
    expect(await harness.outcomes()).toEqual(['pending']);
    await harness.activate(3, '2028-03-01T12:00:00.000Z', { license: { renews: licenseId(2), deviceCount: 70 } });
    expect(await harness.outcomes()).toEqual(['cancelled']);
    await harness.run();
    expect((await harness.notified()).map(([, , subject]) => subject)).toEqual([
      'maintenance_expiring',
      'maintenance_renewed',
    ]);
  });

  test.each([
    ['the recipient is no contact any more', () => harness.arrive(customerChanged({ contacts: [jens], version: 2 }))],
    ['contacts are not to be notified', () => harness.putSettings({ contacts: false })],
    ['expirations are switched off', () => harness.putSettings({ expirations: false })],
    ['the threshold is not wanted', () => harness.putSettings({ thresholds: [60] })],
  ])('when %s', async (_name, change) => {
    await change();
    expect(await harness.outcomes()).toEqual(['cancelled']);
  });

  test('what was sent remains sent', async () => {
    await sql`update emails set outcome = 'sent', sent_at = now()`.execute(harness.database.kysely);
    await harness.putSettings({ expirations: false });
    expect(await harness.outcomes()).toEqual(['sent']);
  });
});
