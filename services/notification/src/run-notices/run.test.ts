import { normalizeInstallCode } from '@smartserver/contracts';
import { sql } from 'kysely';
import { Harness, licenseId } from '../../test/harness.ts';
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

const harness = Harness.install();
const END = '2027-03-01T12:00:00.000Z';
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
    await harness.putSettings({ contacts: false });
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

  test('a silenced address, or where notices are switched off', async () => {
    await harness.arrive(customerChanged({ contacts: [anna, jens], version: 2 }));
    await sql`insert into silences (partner_id, customer_id, email, reason, since)
      values (${partnerA}, ${customerA}, ${anna.email}, 'unsubscribed', now())`.execute(harness.database.kysely);
    await harness.activate(1, END);
    await harness.runAt('2026-12-01T06:00:00.000Z');
    expect((await harness.notified()).map(([, recipient]) => recipient)).toEqual([jens.email]);
    await harness.putSettings({ expirations: false });
    await harness.runAt('2026-12-31T06:00:00.000Z');
    expect(await harness.notified()).toHaveLength(1);
  });

  test('a day that was over before the recipient was added', async () => {
    await harness.activate(1, END);
    await harness.runAt('2026-12-01T06:00:00.000Z');
    await harness.arrive(customerChanged({ contacts: [anna, jens], version: 2 }));
    await harness.runAt('2026-12-02T06:00:00.000Z');
    expect((await harness.notified()).map(([, recipient]) => recipient)).toEqual([anna.email]);
    await harness.runAt('2026-12-31T06:00:00.000Z');
    expect(await harness.notified()).toHaveLength(3);
  });
});

test('settings count from the day on which they are made', async () => {
  await harness.activate(1, END);
  await harness.runAt('2026-12-01T06:00:00.000Z');
  harness.clock.set('2026-12-11T09:00:00.000Z');
  await harness.putSettings({ thresholds: [85, 80, 10] });
  await harness.run();
  await harness.runAt('2027-02-19T06:00:00.000Z');
  expect((await harness.notified()).map(([day]) => day)).toEqual(['2026-12-01', '2026-12-11', '2027-02-19']);
});

test('webhooks report each threshold once, whether or not there are e-mails, and that it has expired on the day after', async () => {
  await sql`insert into webhook_endpoints (endpoint_id, partner_id, url, description, event_types, sealed_secret,
      secret_created_at, created_at)
    values (gen_random_uuid(), ${partnerA}, 'https://a.example', '', '{maintenance.expiring,maintenance.expired,maintenance.renewed}',
      'x', now(), now())`.execute(harness.database.kysely);
  await harness.putSettings({ contacts: false, recipients: [], thresholds: [30, 0] });
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
