import type { LicenseKind } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, givenLicense, newInstallCode, openActivations } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';
import { activated, customerOf, givenBox, MAINTENANCE, offline } from '../../test/offline-given.ts';

/* Which kinds of license who may activate; for the others Customer Success is named. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const given = async () => {
  const account = await givenAccount(harness);
  return { account, customer: offline(harness, customerOf(account)) };
};
const kinds: [LicenseKind, Parameters<typeof givenLicense>[2]][] = [
  ['capacity', {}],
  ['maintenance', MAINTENANCE],
  ['core', { kind: 'core', deviceCount: 0 }],
  ['remote_cms', { kind: 'remote_cms', deviceCount: 0 }],
];

test('a customer makes files for capacity alone; for the others the answer says whom to contact', async () => {
  const { account, customer } = await given();
  for (const [kind, license] of kinds) {
    const licenseId = await givenLicense(harness, account, license);
    const answer = await customer.activate({ licenseId, installCode: newInstallCode() });
    if (kind === 'capacity') {
      activated(answer);
      continue;
    }
    const problem = expectProblem(answer, 403, 'contact_customer_success');
    expect(problem.detail).toBe('Contact success@enocean.example with the License ID.');
    expect(await openActivations(harness, [licenseId])).toEqual([]);
  }
});

test('Customer Success makes files for every kind, and the customer may download them', async () => {
  const { account, customer } = await given();
  for (const [, license] of kinds) {
    const licenseId = await givenLicense(harness, account, license);
    const installCode = newInstallCode();
    const made = activated(await offline(harness, actors.staff()).activate({ licenseId, installCode }));
    expect(givenBox({ installCode }).take(harness, (await customer.file(made.offlineActivationId)).body)).toEqual([
      licenseId,
    ]);
  }
});

test('a CMS activates everything but Remote CMS, which it does not see among what is available', async () => {
  const { account } = await given();
  const device = await givenCms(harness, account);
  const ids = new Map<LicenseKind, string>();
  for (const [kind, license] of kinds) ids.set(kind, await givenLicense(harness, account, license));
  const remote = ids.get('remote_cms') ?? '';
  const available = (await device.available()).json<{ items: { licenseId: string }[] }>().items;
  expect(available.map((each) => each.licenseId)).not.toContain(remote);
  const problem = expectProblem(await device.activate([...ids.values()]), 403, 'contact_customer_success');
  expect(problem.errors).toEqual([expect.objectContaining({ pointer: '/licenseIds/3' })]);
  expect(problem.detail).toContain('success@enocean.example');
  ids.delete('remote_cms');
  expect((await device.activate([...ids.values()])).statusCode).toBe(201);
  // Put there by Customer Success, it is in the document, and can be returned.
  activated(await offline(harness, actors.staff()).activate({ licenseId: remote, installCode: device.installCode }));
  expect((await device.giveBack({ licenseIds: [remote] })).statusCode).toBe(200);
});
