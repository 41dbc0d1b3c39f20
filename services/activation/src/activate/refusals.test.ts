import { randomUUID } from 'node:crypto';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, givenLicense, openActivations } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';

/* Activations that are refused: nothing changes, and the answer names each license that stands in the way. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

test('of several licenses none is activated when one cannot be; each that cannot is named with its own code', async () => {
  const account = await givenAccount(harness, [{}, {}, { standing: 'suspended' }, { standing: 'revoked' }]);
  const [free = '', taken = '', suspended = '', revoked = ''] = account.licenseIds;
  await (await givenCms(harness, account)).activate([taken]);
  const foreign = await givenLicense(harness, await givenAccount(harness));
  const inInventory = await givenLicense(harness, account, { customerId: null, owner: 'inventory' });
  const device = await givenCms(harness, account);
  const all = [free, taken, suspended, revoked, foreign, inInventory, randomUUID()];
  const problem = expectProblem(await device.activate(all), 409, 'license_in_use');
  expect(problem.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
    ['/licenseIds/1', 'license_in_use'],
    ['/licenseIds/2', 'license_suspended'],
    ['/licenseIds/3', 'license_revoked'],
    ['/licenseIds/4', 'license_not_found'],
    ['/licenseIds/5', 'license_not_found'],
    ['/licenseIds/6', 'license_not_found'],
  ]);
  expect(await openActivations(harness, [free])).toEqual([]);
  expectProblem(await device.activate([suspended, taken]), 409, 'license_suspended');
  expectProblem(await device.activate([revoked]), 409, 'license_revoked');
  expect((await device.document()).json()).toMatchObject({ serial: 0 });
});

test('a foreign license and an unknown one are the same to the byte', async () => {
  const account = await givenAccount(harness);
  const device = await givenCms(harness, account);
  const foreign = await givenLicense(harness, await givenAccount(harness));
  const [unknown, other] = await Promise.all([device.activate([randomUUID()]), device.activate([foreign])]);
  const without = (answer: { body: string }) => ({ ...JSON.parse(answer.body), instance: '' });
  expectProblem(unknown, 404, 'license_not_found');
  expect(without(other)).toEqual(without(unknown));
  expect(unknown.body).not.toContain(foreign);
});

test('a license that another change holds is not available', async () => {
  const account = await givenAccount(harness, [{}]);
  await harness.database.kysely
    .updateTable('licenses')
    .set({ hold_id: randomUUID() })
    .where('license_id', 'in', account.licenseIds)
    .execute();
  expectProblem(await (await givenCms(harness, account)).activate(account.licenseIds), 409, 'license_not_available');
});

test('only the session of this very controller may activate on it', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  const other = await givenCms(harness, account);
  const body = { licenseIds: account.licenseIds };
  const foreign = await harness.post(other.cms, `${device.url}/activations`, body);
  const unknown = await harness.post(other.cms, '/v1/controllers/0302FFFFFFFF9999/activations', body);
  expectProblem(foreign, 404, 'controller_not_found');
  expect({ ...JSON.parse(foreign.body), instance: '' }).toEqual({ ...JSON.parse(unknown.body), instance: '' });
  for (const actor of [actors.staff(), actors.partnerUser(account.partnerId), actors.customer()]) {
    expectProblem(await harness.post(actor, `${device.url}/activations`, body), 403, 'scope_missing');
  }
  expectProblem(await harness.post(null, `${device.url}/activations`, body), 401, 'unauthenticated');
});

test('bad input is refused and names the field', async () => {
  const device = await givenCms(harness, await givenAccount(harness));
  const id = randomUUID();
  for (const body of [
    {},
    { licenseIds: [] },
    { licenseIds: ['x'] },
    { licenseIds: [id, id] },
    { licenseIds: [id], more: 1 },
  ]) {
    const problem = expectProblem(
      await harness.post(device.cms, `${device.url}/activations`, body),
      400,
      'validation_failed',
    );
    expect(problem.errors?.length).toBeGreaterThan(0);
  }
});

test('a controller holds no more than fit into a license document', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  const many = Array.from({ length: 1000 }, () => randomUUID());
  const { kysely } = harness.database;
  await kysely
    .insertInto('licenses')
    .values(
      many.map((id) => ({
        partner_id: account.partnerId,
        customer_id: account.customerId,
        license_id: id,
        version: 1,
        kind: 'capacity' as const,
        device_count: 1,
        term_years: null,
        renews: null,
        owner: 'customer' as const,
        standing: 'good' as const,
        note: '',
        first_activated_at: null,
        expires_at: null,
        installed_on: device.installCode,
        activation_id: randomUUID(),
        activated_at: new Date(0),
      })),
    )
    .execute();
  await kysely
    .updateTable('controllers')
    .set({ license_ids: many })
    .where('install_code', '=', device.installCode)
    .execute();
  expectProblem(await device.activate(account.licenseIds), 409, 'license_not_available');
  expect((await device.document()).json<{ jws: string }>().jws.length).toBeLessThan(1024 * 1024);
});
