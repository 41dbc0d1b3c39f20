import { normalizeInstallCode } from '@smartserver/contracts';
import { sql } from 'kysely';
import { Harness, licenseId, staffContext } from '../../test/harness.ts';
import {
  anna,
  customerA,
  customerB,
  customerChanged,
  jens,
  licenseChanged,
  movedOff,
  partnerA,
  partnerB,
} from '../../test/support.ts';
import { DEFAULT_SETTINGS } from '../model/settings.ts';
import { putSettings as put } from '../notification-settings/settings.ts';

const harness = Harness.install();
const END = '2027-03-01T12:00:00.000Z';
const putSettings = async (change: Partial<typeof DEFAULT_SETTINGS>, customerId: string = customerA) => {
  const { version: _, ...defaults } = DEFAULT_SETTINGS;
  return put(harness.deps, staffContext, customerId, { ...defaults, ...change }, () => undefined);
};

beforeEach(async () => {
  harness.clock.set('2026-03-01T12:00:00.000Z');
  await harness.arrive(customerChanged({ contacts: [anna] }));
});

describe('the days of rule 11', () => {
  test('each threshold is notified once, on its day from the hour on, however often the run comes', async () => {
    await harness.activate(1, END);
    for (let day = Date.parse('2026-11-25'); day <= Date.parse('2027-03-05'); day += 86_400_000) {
      for (const hour of ['05:59', '06:00', '06:15', '23:45']) {
        await harness.runAt(`${new Date(day).toISOString().slice(0, 10)}T${hour}:00.000Z`);
      }
    }
    const days = ['2026-12-01', '2026-12-31', '2027-01-30', '2027-02-22', '2027-02-28', '2027-03-01'];
    expect(await harness.notified()).toEqual(days.map((day) => [day, anna.email, 'maintenance_expiring', [1]]));
    const hours = (await harness.emails()).map((email) => email.created_at.toISOString().slice(11, 16));
    expect(new Set(hours)).toEqual(new Set(['06:00']));
  });

  test('after a downtime the nearest due one is notified, not all', async () => {
    await harness.activate(1, END);
    await harness.runAt('2026-12-01T06:00:00.000Z');
    await harness.runAt('2027-02-24T17:00:00.000Z');
    await harness.runAt('2027-02-28T06:00:00.000Z');
    expect(await harness.notified()).toEqual([
      ['2026-12-01', anna.email, 'maintenance_expiring', [1]],
      ['2027-02-24', anna.email, 'maintenance_expiring', [1]],
      ['2027-02-28', anna.email, 'maintenance_expiring', [1]],
    ]);
    const { rows } = await sql<{ threshold: number }>`select threshold from notices order by threshold desc`.execute(
      harness.database.kysely,
    );
    expect(rows.map(({ threshold }) => threshold)).toEqual([90, 7, 1]);
  });

  test('a clock that is set back sends nothing again', async () => {
    await harness.activate(1, END);
    await harness.runAt('2026-12-01T06:00:00.000Z');
    await harness.runAt('2026-11-01T06:00:00.000Z');
    await harness.activate(1, END, { license: { version: 2, note: 'edited' }, move: { activationVersion: 2 } });
    await harness.runAt('2026-12-01T07:00:00.000Z');
    expect(await harness.notified()).toHaveLength(1);
  });

  test('runs at the same time, as of several processes, notify once and in one e-mail', async () => {
    for (let n = 1; n <= 30; n += 1) await harness.activate(n, END);
    harness.clock.set('2026-12-01T06:00:00.000Z');
    await Promise.all([harness.run(), harness.run(), harness.run()]);
    await harness.run();
    const notified = await harness.notified();
    expect(notified).toHaveLength(1);
    expect(notified[0]?.[3]).toHaveLength(30);
  });
});

describe('digests', () => {
  test('a recipient in several accounts of a partner gets one e-mail, of another partner another one', async () => {
    await harness.arrive(
      customerChanged({ customerId: customerB, name: 'P-Building 2', contacts: [anna, jens] }),
      customerChanged({ customerId: partnerB as never, partnerId: partnerB, name: 'Other', contacts: [anna] }),
    );
    await harness.activate(1, END);
    await harness.activate(2, END, { license: { customerId: customerB } });
    await harness.activate(3, END, { license: { customerId: partnerB as never, partnerId: partnerB } });
    await harness.runAt('2026-12-01T06:00:00.000Z');
    const day = '2026-12-01';
    const notified = await harness.notified();
    expect(notified).toHaveLength(3);
    expect(notified).toEqual(
      expect.arrayContaining([
        [day, anna.email, 'maintenance_expiring', [1, 2]],
        [day, jens.email, 'maintenance_expiring', [2]],
        [day, anna.email, 'maintenance_expiring', [3]],
      ]),
    );
    const emails = await harness.emails();
    for (const { partner_id, body_text } of emails) {
      expect(body_text.includes('Other')).toBe(partner_id === partnerB);
      expect(body_text.includes('P-Building 2') && partner_id === partnerB).toBe(false);
    }
  });

  test('partners and Customer Success are notified of theirs, by thresholds of their own, and only where they ask', async () => {
    await sql`insert into partners (partner_id, name, version) values (${partnerA}, 'Integrator A', 1)
      on conflict do nothing`.execute(harness.database.kysely);
    await sql`insert into digest_settings (partner_id, recipients, thresholds, expirations, renewals, language, version, told_through)
      values (${partnerA}, '{a@integrator.example}', '{45}', true, true, 'de', 1, '2026-11-01'),
             (null, '{cs@vendor.example}', '{90,10}', true, true, 'en', 1, '2026-11-01')`.execute(
      harness.database.kysely,
    );
    await putSettings({ contacts: false });
    await harness.activate(1, END);
    await harness.activate(2, END);
    for (const day of ['2026-12-01', '2026-12-02', '2027-01-15', '2027-02-19', '2027-02-20']) {
      await harness.runAt(`${day}T06:00:00.000Z`);
      await harness.run();
    }
    expect(await harness.notified()).toEqual([
      ['2026-12-01', 'cs@vendor.example', 'maintenance_expiring', [1, 2]],
      ['2027-01-15', 'a@integrator.example', 'maintenance_expiring', [1, 2]],
      ['2027-02-19', 'cs@vendor.example', 'maintenance_expiring', [1, 2]],
    ]);
    const emails = await harness.emails();
    expect(emails.map(({ partner_id, customer_id }) => [partner_id, customer_id])).toEqual([
      [null, null],
      [partnerA, null],
      [null, null],
    ]);
    expect(emails[0]?.body_text).toContain('Integrator A');
    expect(emails[1]?.headline).toContain('Wartungslizenzen');
  });
});

describe('there is no notice of', () => {
  test.each([
    ['revoked', [licenseChanged({ licenseId: licenseId(1), version: 2, standing: 'revoked' })]],
    ['suspended', [licenseChanged({ licenseId: licenseId(1), version: 2, standing: 'suspended' })]],
    ['returned', [movedOff([{ licenseId: licenseId(1), activationVersion: 2, expiresAt: END }])]],
  ])('a license that was %s', async (_name, events) => {
    await harness.activate(1, END);
    await harness.arrive(...events);
    await harness.runAt('2026-12-01T06:00:00.000Z');
    expect(await harness.notified()).toEqual([]);
  });

  test('one that renewals on the same controller go on with; of a part of the devices, the rest', async () => {
    await harness.activate(1, END);
    harness.clock.set('2026-11-20T10:00:00.000Z');
    const renewal = { renews: licenseId(1), deviceCount: 400 };
    await harness.activate(2, '2028-03-01T12:00:00.000Z', { license: renewal });
    await harness.runAt('2026-11-20T10:15:00.000Z');
    await harness.runAt('2026-12-01T06:00:00.000Z');
    const [renewed, partly] = await harness.emails();
    expect(renewed?.headline).toBe('Maintenance on Building 1 was renewed until 1 March 2028');
    expect(partly?.body_text).toMatch(/Devices:\s+600\n/);
    await harness.activate(3, '2028-03-01T12:00:00.000Z', { license: { ...renewal, deviceCount: 600 } });
    for (const day of ['2026-12-31', '2027-03-01', '2027-03-02']) await harness.runAt(`${day}T06:00:00.000Z`);
    expect((await harness.notified()).map(([day, , subject, licenses]) => [day, subject, licenses])).toEqual([
      ['2026-11-20', 'maintenance_renewed', [2]],
      ['2026-12-01', 'maintenance_expiring', [1]],
      ['2026-12-31', 'maintenance_renewed', [3]],
    ]);
  });

  test('a renewal on another controller, or only bought, changes nothing; the latter is pointed out', async () => {
    const elsewhere = { installCode: normalizeInstallCode('0302E1C2A8F40099'), segmentName: 'Building 9' };
    await harness.activate(1, END);
    await harness.activate(2, '2028-03-01T12:00:00.000Z', { license: { renews: licenseId(1) }, place: elsewhere });
    await harness.arrive(licenseChanged({ licenseId: licenseId(3), renews: licenseId(1) }));
    await harness.runAt('2026-12-01T06:00:00.000Z');
    const expiring = (await harness.emails()).find(({ subject }) => subject === 'maintenance_expiring');
    expect(expiring?.body_text).toMatch(/Renewal:\s+bought, to be activated/);
  });

  test('renewals that are bought for a part of the devices: the rest is still to be ordered', async () => {
    await harness.activate(1, END);
    for (const [n, deviceCount] of [
      [2, 400],
      [3, 300],
    ] as const)
      await harness.arrive(licenseChanged({ licenseId: licenseId(n), renews: licenseId(1), deviceCount }));
    await harness.runAt('2026-12-01T06:00:00.000Z');
    const [expiring] = await harness.emails();
    expect(expiring?.body_text).toMatch(/Renewal:\s+bought for 700 of the devices, to be activated/);
    expect(expiring?.body_text).toMatch('order a renewal from your SmartServer partner');
  });

  test('somebody who has been silenced, or whose notices are switched off', async () => {
    await harness.arrive(customerChanged({ contacts: [anna, jens], version: 2 }));
    await sql`insert into silences (partner_id, customer_id, email, reason, since)
      values (${partnerA}, ${customerA}, ${anna.email}, 'unsubscribed', now())`.execute(harness.database.kysely);
    await harness.activate(1, END);
    await harness.runAt('2026-12-01T06:00:00.000Z');
    expect((await harness.notified()).map(([, recipient]) => recipient)).toEqual([jens.email]);
    await putSettings({ expirations: false });
    await harness.runAt('2026-12-31T06:00:00.000Z');
    expect(await harness.notified()).toHaveLength(1);
  });

  test('a day that was over before somebody was added', async () => {
    await harness.activate(1, END);
    await harness.runAt('2026-12-01T06:00:00.000Z');
    await harness.arrive(customerChanged({ contacts: [anna, jens], version: 2 }));
    await harness.runAt('2026-12-02T06:00:00.000Z');
    expect((await harness.notified()).map(([, recipient]) => recipient)).toEqual([anna.email]);
    await harness.runAt('2026-12-31T06:00:00.000Z');
    expect(await harness.notified()).toHaveLength(3);
  });
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
    await putSettings({ contacts: false });
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
    await putSettings({ renewals: false });
    await harness.activate(1, END);
    await harness.activate(2, '2028-03-01T12:00:00.000Z', { license: { renews: licenseId(1) } });
    await harness.run();
    expect(await harness.notified()).toEqual([]);
  });
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
    ['contacts are not to be notified', () => putSettings({ contacts: false })],
    ['expirations are switched off', () => putSettings({ expirations: false })],
    ['the threshold is not wanted', () => putSettings({ thresholds: [60] })],
  ])('when %s', async (_name, change) => {
    await change();
    expect(await harness.outcomes()).toEqual(['cancelled']);
  });

  test('what was sent stays sent', async () => {
    await sql`update emails set outcome = 'sent', sent_at = now()`.execute(harness.database.kysely);
    await putSettings({ expirations: false });
    expect(await harness.outcomes()).toEqual(['sent']);
  });
});

test('settings count from the day on which they are made', async () => {
  await harness.activate(1, END);
  await harness.runAt('2026-12-01T06:00:00.000Z');
  harness.clock.set('2026-12-11T09:00:00.000Z');
  await putSettings({ thresholds: [85, 80, 10] });
  await harness.run();
  await harness.runAt('2027-02-19T06:00:00.000Z');
  expect((await harness.notified()).map(([day]) => day)).toEqual(['2026-12-01', '2026-12-11', '2027-02-19']);
});

test('webhooks report each threshold once, whoever gets e-mails, and that it has expired on the day after', async () => {
  await sql`insert into webhook_endpoints (endpoint_id, partner_id, url, description, event_types, sealed_secret,
      secret_created_at, created_at)
    values (gen_random_uuid(), ${partnerA}, 'https://a.example', '', '{maintenance.expiring,maintenance.expired,maintenance.renewed}',
      'x', now(), now())`.execute(harness.database.kysely);
  await putSettings({ contacts: false, recipients: [], thresholds: [30, 0] });
  await harness.activate(1, END);
  await harness.activate(2, '2028-03-01T12:00:00.000Z', { license: { renews: licenseId(1), deviceCount: 10 } });
  for (const day of ['2026-03-02', '2027-01-30', '2027-01-31', '2027-03-01', '2027-03-02', '2027-03-03']) {
    await harness.runAt(`${day}T06:00:00.000Z`);
    await harness.run();
  }
  const { rows } = await sql<{ type: string; payload: string }>`
    select type, payload from webhook_messages order by message_id`.execute(harness.database.kysely);
  const sent = rows.map(({ type, payload }) => {
    const { timestamp, data } = JSON.parse(payload);
    return [type, timestamp.slice(0, 10), data.licenseId, data.deviceCount];
  });
  expect(sent).toEqual([
    ['maintenance.renewed', '2026-03-02', licenseId(2), 10],
    ['maintenance.expiring', '2027-01-30', licenseId(1), 990],
    ['maintenance.expiring', '2027-03-01', licenseId(1), 990],
    ['maintenance.expired', '2027-03-02', licenseId(1), 990],
  ]);
});
