import type { License, LicenseHistoryPage } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAssigned, type Harness, moveOf, startHarness } from '../../test/harness.ts';
import { standingAfter } from './control-license.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const REASON = { reason: 'Chargeback of the order' };
const control = (url: string, command: string, body: object = REASON) =>
  harness.post(harness.staff, `${url}/${command}`, body);
const historyOf = async (url: string) =>
  (await harness.get(harness.staff, `${url}/history`)).json<LicenseHistoryPage>().items;

test('suspend, reinstate and revoke change the standing, are published, and keep their reason in the history', async () => {
  const { license, url } = await givenAssigned(harness);
  const steps = [
    ['suspend', 'suspended', 'suspended', 'suspended'],
    ['reinstate', 'assigned', 'good', 'reinstated'],
    ['revoke', 'revoked', 'revoked', 'revoked'],
  ] as const;
  let version = 2;
  for (const [command, status, standing, event] of steps) {
    const answer = await control(url, command);
    version += 1;
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ status, place: 'customer', version });
    expect(answer.headers.etag).toBe(`"${version}"`);
    const published = (await harness.events('license.changed.1')).filter((e) => e.data.licenseId === license.licenseId);
    expect(published.at(-1)?.data).toMatchObject({ standing, owner: 'customer', version });
    expect((await historyOf(url)).at(-1)).toMatchObject({ event, detail: REASON.reason, actor: { kind: 'staff' } });
  }
});

test('a license on a controller stays there, whatever its standing', async () => {
  const { license, customerId, url } = await givenAssigned(harness);
  await harness.take(moveOf('licenses.activated.1', license, customerId, { version: 1 }));
  for (const [command, status] of [
    ['suspend', 'suspended'],
    ['reinstate', 'active'],
    ['revoke', 'revoked'],
  ] as const) {
    expect((await control(url, command)).json<License>()).toMatchObject({ place: 'controller', status });
  }
});

test('a command that finds the license as it would leave it answers 200 and changes nothing', async () => {
  const { url } = await givenAssigned(harness);
  for (const commands of [['reinstate'], ['suspend', 'suspend'], ['revoke', 'revoke']]) {
    for (const command of commands.slice(1)) await control(url, command);
    const before = { license: (await harness.get(harness.staff, url)).json(), history: await historyOf(url) };
    const repeated = await control(url, commands[0] ?? '');
    expect(repeated.statusCode).toBe(200);
    expect(repeated.json()).toEqual(before.license);
    expect(await historyOf(url)).toEqual(before.history);
  }
});

test('revoked is final', async () => {
  const { url } = await givenAssigned(harness);
  await control(url, 'revoke');
  expectProblem(await control(url, 'reinstate'), 409, 'license_revoked');
  expectProblem(await control(url, 'suspend'), 409, 'license_revoked');
});

test('a command needs a reason', async () => {
  const { url } = await givenAssigned(harness);
  for (const body of [{}, { reason: '' }, { reason: '    ' }, { reason: 'paid', extra: 1 }]) {
    expectProblem(await control(url, 'suspend', body), 400, 'validation_failed');
  }
});

test('only Customer Success may command', async () => {
  const { partnerId, customerId, url } = await givenAssigned(harness);
  const others = [
    actors.partnerUser(partnerId),
    actors.apiClient(partnerId),
    actors.customer({ customerIds: [customerId] }),
    actors.cms({ partnerId, customerId, installCode: '0302E1C2A8F40011' }),
  ];
  for (const actor of others) {
    for (const command of ['suspend', 'reinstate', 'revoke']) {
      expectProblem(await harness.post(actor, `${url}/${command}`, REASON), 403, 'scope_missing');
    }
  }
});

describe('the standing after a command', () => {
  test.each([
    ['good', 'suspend', 'suspended'],
    ['good', 'reinstate', null],
    ['good', 'revoke', 'revoked'],
    ['suspended', 'suspend', null],
    ['suspended', 'reinstate', 'good'],
    ['suspended', 'revoke', 'revoked'],
    ['revoked', 'suspend', 'license_revoked'],
    ['revoked', 'reinstate', 'license_revoked'],
    ['revoked', 'revoke', null],
  ] as const)('%s, %s: %s', (standing, command, after) => {
    expect(standingAfter(standing, command)).toBe(after);
  });
});
