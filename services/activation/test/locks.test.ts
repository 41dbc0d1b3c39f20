import { randomUUID } from 'node:crypto';
import type { ActivationsResult } from '@smartserver/contracts';
import { eventually } from '@smartserver/testing';
import { type Kysely, sql } from 'kysely';
import { isConflict, withoutDeadlock } from '../src/model/conflicts.ts';
import type { Tables } from '../src/model/tables.ts';
import { givenAccount, givenCms, givenLicense, licensesIn, openActivations } from './given.ts';
import { type Harness, startHarness } from './harness.ts';

/* What happens to a statement while it waits for a lock, brought about step by step. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const somebodyWaits = async (): Promise<void> => {
  const waiting = await eventually(async () => {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      harness.database.kysely,
    );
    return rows.length > 0 ? true : null;
  });
  if (waiting === null) throw new Error('nothing waits for a lock');
};

const lockRow = (trx: Kysely<Tables>, table: 'controllers' | 'licenses', value: string) =>
  table === 'controllers'
    ? trx.selectFrom('controllers').select('install_code').where('install_code', '=', value).forUpdate().execute()
    : trx.selectFrom('licenses').select('license_id').where('license_id', '=', value).forUpdate().execute();

const given = async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  const [licenseId = ''] = account.licenseIds;
  return { account, device, licenseId };
};

test('a license that arrived and was put on the controller while an activation waited is in its document', async () => {
  const { account, device, licenseId } = await given();
  const { kysely } = harness.database;
  let answer: ReturnType<typeof device.activate> | null = null;
  let late = '';
  await kysely.transaction().execute(async (trx) => {
    await lockRow(trx, 'controllers', device.installCode);
    answer = device.activate([licenseId]);
    await somebodyWaits();
    // Its snapshot is taken: this license is not in it.
    late = await givenLicense(harness, account);
    const [activationId, now] = [randomUUID(), harness.clock.now()];
    await trx
      .insertInto('activations')
      .values({
        customer_id: account.customerId,
        id: activationId,
        license_id: late,
        install_code: device.installCode,
        mode: 'online',
        activated_at: now,
      })
      .execute();
    await trx
      .updateTable('licenses')
      .set({ installed_on: device.installCode, activation_id: activationId, activated_at: now })
      .where('license_id', '=', late)
      .execute();
    await trx
      .updateTable('controllers')
      .set({ license_ids: [late], serial: 1 })
      .where('install_code', '=', device.installCode)
      .execute();
  });
  const activated = await answer;
  if (activated === null) throw new Error('nothing was asked');
  expect(licensesIn(harness, activated)).toEqual([licenseId, late].sort());
});

test('an activation that waited while its controller was changed is made on what the controller is now', async () => {
  const { device, licenseId } = await given();
  let answer: ReturnType<typeof device.activate> | null = null;
  await harness.database.kysely.transaction().execute(async (trx) => {
    await lockRow(trx, 'controllers', device.installCode);
    answer = device.activate([licenseId]);
    await somebodyWaits();
    const changes = { serial: 41, version: 42, document_issued_at: new Date('2026-03-01T12:00:05Z') };
    await trx.updateTable('controllers').set(changes).where('install_code', '=', device.installCode).execute();
  });
  const activated = await answer;
  if (activated === null) throw new Error('nothing was asked');
  expect((activated as { json<T>(): T }).json<ActivationsResult>().document).toMatchObject({
    serial: 42,
    issuedAt: '2026-03-01T12:00:05.000Z',
  });
  expect(await openActivations(harness, [licenseId])).toMatchObject([{ serial: 42 }]);
});

test('a license whose hold ended while an activation waited is activated', async () => {
  const { device, licenseId } = await given();
  const { kysely } = harness.database;
  const hold = (on: Kysely<Tables>, hold_id: string | null) =>
    on.updateTable('licenses').set({ hold_id }).where('license_id', '=', licenseId).execute();
  await hold(kysely, randomUUID());
  let answer: ReturnType<typeof device.activate> | null = null;
  await kysely.transaction().execute(async (trx) => {
    await hold(trx, null);
    answer = device.activate([licenseId]);
    await somebodyWaits();
  });
  const activated = await answer;
  expect(activated === null ? null : (activated as { statusCode: number }).statusCode).toBe(201);
  expect(await openActivations(harness, [licenseId])).toHaveLength(1);
});

test('an activation that the database undid to end a deadlock is repeated, and succeeds', async () => {
  const { device, licenseId } = await given();
  const { kysely } = harness.database;
  // Which party a real deadlock hits is a matter of speed. A sequence counts on through what is rolled back.
  await sql`
    create sequence attempts_made;
    create function fail_first() returns trigger language plpgsql as $$
      begin
        if nextval('attempts_made') = 1 then raise exception 'deadlock detected' using errcode = 'deadlock_detected'; end if;
        return new;
      end
    $$;
    create trigger fail_first before insert on activations for each row execute function fail_first()`.execute(kysely);
  try {
    expect((await device.activate([licenseId])).statusCode).toBe(201);
    expect((await sql`select last_value::int as tries from attempts_made`.execute(kysely)).rows).toEqual([
      { tries: 2 },
    ]);
    expect(await openActivations(harness, [licenseId])).toHaveLength(1);
  } finally {
    await sql`drop trigger fail_first on activations; drop function fail_first; drop sequence attempts_made`.execute(
      kysely,
    );
  }
});

test('a license that was returned while another controller’s activation waited is theirs', async () => {
  const { account, device, licenseId } = await given();
  await device.activate([licenseId]);
  const other = await givenCms(harness, account);
  let answer: ReturnType<typeof device.activate> | null = null;
  await harness.database.kysely.transaction().execute(async (trx) => {
    await lockRow(trx, 'licenses', licenseId);
    answer = other.activate([licenseId]);
    await somebodyWaits();
    await trx
      .updateTable('activations')
      .set({ returned_at: harness.clock.now() })
      .where('license_id', '=', licenseId)
      .execute();
    await trx
      .updateTable('licenses')
      .set({ installed_on: null, activation_id: null, activated_at: null })
      .where('license_id', '=', licenseId)
      .execute();
    await trx
      .updateTable('controllers')
      .set({ license_ids: [] })
      .where('install_code', '=', device.installCode)
      .execute();
  });
  const activated = await answer;
  expect(
    activated === null ? null : (activated as { json<T>(): T }).json<ActivationsResult>().activations,
  ).toMatchObject([{ licenseId, installCode: other.installCode }]);
});

test('work is repeated after a deadlock a bounded number of times, and after nothing else', async () => {
  const failing = (code: string) => {
    let calls = 0;
    const work = async () => {
      calls += 1;
      throw Object.assign(new Error('rolled back'), { code });
    };
    return { work, calls: () => calls };
  };
  const [deadlock, other] = [failing('40P01'), failing('23505')];
  await expect(withoutDeadlock(deadlock.work, 3)).rejects.toThrow('rolled back');
  await expect(withoutDeadlock(other.work, 3)).rejects.toThrow('rolled back');
  expect([deadlock.calls(), other.calls()]).toEqual([3, 1]);
  expect([isConflict(Object.assign(new Error(), { code: '40001' })), isConflict('40P01')]).toEqual([true, false]);
});
