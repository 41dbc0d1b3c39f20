import type { LicenseHistoryPage } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import {
  answerOf,
  givenAssigned,
  givenCustomer,
  givenTransferred,
  type Harness,
  moveOf,
  startHarness,
  threeMoves,
} from '../../test/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const historyOf = async (url: string) =>
  (await harness.get(harness.staff, `${url}/history`)).json<LicenseHistoryPage>().items;

test('a history is read page by page, oldest first, each entry once', async () => {
  const { license, customerId, url } = await givenAssigned(harness);
  for (const move of threeMoves(license, customerId)) await harness.take(move);
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: LicenseHistoryPage = (
      await harness.get(harness.staff, `${url}/history?limit=2${cursor && `&cursor=${cursor}`}`)
    ).json();
    seen.push(...page.items.map((entry) => entry.event));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(['purchased', 'transferred', 'activated', 'returned', 'activated']);
  const madeUp = Buffer.from('1_2').toString('base64url');
  expectProblem(await harness.get(harness.staff, `${url}/history?cursor=${madeUp}`), 400, 'validation_failed');
});

test('a customer reads of the time the license was its own, not of the customer before', async () => {
  const { partnerId, license, customerId, url } = await givenAssigned(harness);
  const at = (hour: string) => ({ occurredAt: `2026-03-01T${hour}:00:00.000Z` });
  await harness.take(moveOf('licenses.activated.1', license, customerId, { version: 1, ...at('13') }));
  await harness.take(moveOf('licenses.returned.1', license, customerId, { version: 2, ...at('14') }));

  harness.clock.set('2026-03-01T15:00:00Z');
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId, { activationVersion: 2 })));
  await harness.post(actors.partnerUser(partnerId), `${url}/take-back`);
  const next = await givenCustomer(harness, partnerId);
  await givenTransferred(harness, [license], next);

  const asNext = actors.customer({ customerIds: [next] });
  const byLicenseId = actors.customer({ licenseIds: [license.licenseId] });
  for (const customer of [asNext, byLicenseId]) {
    const { items } = (await harness.get(customer, `${url}/history`)).json<LicenseHistoryPage>();
    expect(items.map((entry) => [entry.event, entry.customerId])).toEqual([['transferred', next]]);
  }
  const before = actors.customer({ customerIds: [customerId] });
  expectProblem(await harness.get(before, `${url}/history`), 404, 'license_not_found');
  expect((await historyOf(url)).map((entry) => entry.event)).toEqual([
    'purchased',
    'transferred',
    'activated',
    'returned',
    'taken_back',
    'transferred',
  ]);
});

test('moves whose events arrive after a later move still stand before it in the history', async () => {
  harness.clock.set('2026-03-01T12:00:00Z');
  const { user, license, customerId, url } = await givenAssigned(harness);
  harness.clock.set('2026-03-01T15:00:00Z');
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId, { activationVersion: 2 })));
  await harness.post(user, `${url}/take-back`);
  const at = (hour: number) => ({ occurredAt: `2026-03-01T${hour}:00:00.000Z` });
  await harness.take(moveOf('licenses.returned.1', license, customerId, { version: 2, ...at(14) }));
  await harness.take(moveOf('licenses.activated.1', license, customerId, { version: 1, ...at(13) }));
  expect((await historyOf(url)).map((entry) => entry.event)).toEqual([
    'purchased',
    'transferred',
    'activated',
    'returned',
    'taken_back',
  ]);
});
