import type { OfflineActivation, OfflineActivationPage } from '@smartserver/contracts';
import { expectProblem } from '@smartserver/testing';
import { givenAccount, newInstallCode } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';
import { activated, customerOf, givenBox, offline } from '../../test/offline-given.ts';

/* Lists and bad input of offline activation. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const given = async (licenses: Parameters<typeof givenAccount>[1] = [{}]) => {
  const account = await givenAccount(harness, licenses);
  const [licenseId = '', other = ''] = account.licenseIds;
  return { licenseId, other, customer: offline(harness, customerOf(account)), installCode: newInstallCode() };
};

test('lists are paged, the newest first, and filtered by license and by install code', async () => {
  const { licenseId, other, customer, installCode } = await given([{}, {}]);
  const made: OfflineActivation[] = [];
  for (const id of [licenseId, other]) made.push(activated(await customer.activate({ licenseId: id, installCode })));
  const first = (await customer.list('?limit=1')).json<OfflineActivationPage>();
  expect(first.items).toEqual([made[1]]);
  const second = (await customer.list(`?limit=1&cursor=${first.nextCursor}`)).json<OfflineActivationPage>();
  expect(second).toEqual({ items: [made[0]], nextCursor: null });
  expect(
    (await customer.list(`?installCode=${installCode.toLowerCase()}`)).json<OfflineActivationPage>().items,
  ).toHaveLength(2);
  expect((await customer.list(`?licenseId=${licenseId}`)).json<OfflineActivationPage>().items).toEqual([made[0]]);
  expect((await customer.list(`?installCode=${newInstallCode()}`)).json()).toEqual({ items: [], nextCursor: null });
});

test('bad input is refused and names the field', async () => {
  const { licenseId, customer, installCode } = await given();
  const requestFile = givenBox().request();
  for (const [body, pointer] of [
    [{ licenseId }, '/installCode'],
    [{ licenseId, installCode, requestFile }, '/installCode'],
    [{ installCode }, '/licenseId'],
    [{ licenseId, installCode: 'short' }, '/installCode'],
    [{ licenseId, installCode: `${installCode}\u0000` }, '/installCode'],
    [{ licenseId, requestFile: `${requestFile}\u0000` }, '/requestFile'],
    [{ licenseId, requestFile: '' }, '/requestFile'],
    [{ licenseId, requestFile: 'x'.repeat(16_385) }, '/requestFile'],
    [{ licenseId, requestFile: [requestFile] }, '/requestFile'],
    [{ licenseId, installCode, more: 1 }, ''],
  ] as const) {
    const problem = expectProblem(await customer.activate(body), 400, 'validation_failed');
    expect(problem.errors?.[0]?.pointer).toContain(pointer);
  }
  expect((await customer.activate({ licenseId, requestFile: 'x'.repeat(300_000) })).statusCode).toBe(413);
});
