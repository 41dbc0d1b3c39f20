import type { License, LicenseChange } from '@smartserver/contracts';
import { expectProblem } from '@smartserver/testing';
import fc from 'fast-check';
import {
  answerOf,
  CAPACITY,
  givenAssigned,
  givenLicenses,
  givenPartner,
  type Harness,
  MAINTENANCE,
  moveOf,
  REFUSED,
  startHarness,
} from '../../test/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const givenInventory = async (line = CAPACITY) => {
  const { partnerId, user } = await givenPartner(harness);
  const [license] = await givenLicenses(harness, partnerId, [line]);
  if (license === undefined) throw new Error('an order of one license has one');
  return { partnerId, user, license, url: `/v1/licenses/${license.licenseId}` };
};

const split = (user: Parameters<Harness['post']>[0], url: string, deviceCounts: unknown[]) =>
  harness.post(user, `${url}/split`, { deviceCounts });

test('a license in the inventory is split at once: it keeps its ID and the first count, the rest become new ones', async () => {
  const { partnerId, user, license, url } = await givenInventory();
  await harness.patch(user, url, { note: 'Building 1' }, { 'if-match': '"1"' });

  const answer = await split(user, url, [600, 300, 100]);

  expect(answer.statusCode).toBe(200);
  const change = answer.json<LicenseChange>();
  expect(change).toMatchObject({ kind: 'split', status: 'completed', licenseId: license.licenseId });
  expect(change.licenses.map((part) => [part.deviceCount, part.version])).toEqual([
    [600, 3],
    [300, 1],
    [100, 1],
  ]);
  expect(change.licenses[0]?.licenseId).toBe(license.licenseId);
  expect(new Set(change.licenses.map((part) => part.licenseId)).size).toBe(3);
  for (const part of change.licenses) {
    expect(part).toMatchObject({ partnerId, kind: 'capacity', orderReference: 'PO-2022-0417', place: 'inventory' });
    expect((await harness.get(user, `/v1/licenses/${part.licenseId}`)).json()).toEqual(part);
    const { items } = (await harness.get(user, `/v1/licenses/${part.licenseId}/history`)).json();
    expect(items.at(-1)).toMatchObject({ event: 'split', detail: '1000 = 600 + 300 + 100' });
  }
  const published = (await harness.events('license.changed.1')).slice(-3);
  expect(published.map((event) => [event.data.licenseId, event.data.deviceCount])).toEqual(
    change.licenses.map((part) => [part.licenseId, part.deviceCount]),
  );
});

test('a license with a customer is split once activation has granted the hold; the parts are the customer’s', async () => {
  const { user, license, customerId, url } = await givenAssigned(harness);
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId)));
  const answer = await split(user, url, [999, 1]);
  expect(answer.statusCode).toBe(200);
  expect(answer.json<LicenseChange>().licenses).toMatchObject([
    { licenseId: license.licenseId, deviceCount: 999, customerId, status: 'assigned', version: 3 },
    { deviceCount: 1, customerId, status: 'assigned', version: 1 },
  ]);
});

test('a license that is active is not split', async () => {
  const { user, license, customerId, url } = await givenAssigned(harness);
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId, REFUSED)));
  expectProblem(await split(user, url, [500, 500]), 409, 'license_in_use');
  await harness.take(moveOf('licenses.activated.1', license, customerId, { version: 1 }));
  expectProblem(await split(user, url, [500, 500]), 409, 'license_in_use');
  expect((await harness.get(user, url)).json()).toMatchObject({ deviceCount: 1000 });
});

test('parts that do not add up are refused, and nothing is asked', async () => {
  const { user, url } = await givenAssigned(harness);
  for (const counts of [
    [500, 499],
    [500, 501],
    [1000, 1],
  ]) {
    const problem = expectProblem(await split(user, url, counts), 422, 'split_mismatch');
    expect(problem.errors).toMatchObject([{ pointer: '/deviceCounts' }]);
  }
  for (const counts of [[1000], [1000, 0], [500.5, 499.5], ['500', '500']]) {
    expectProblem(await split(user, url, counts), 400, 'validation_failed');
  }
});

test('what is suspended or revoked is not split', async () => {
  const { user, url } = await givenInventory();
  await harness.post(harness.staff, `${url}/suspend`, { reason: 'unpaid' });
  expectProblem(await split(user, url, [500, 500]), 409, 'license_suspended');
  await harness.post(harness.staff, `${url}/revoke`, { reason: 'refunded' });
  expectProblem(await split(user, url, [500, 500]), 409, 'license_revoked');
});

test('the parts of maintenance that was active share its term, which is published to activation', async () => {
  const { user, license, customerId, url } = await givenAssigned(harness, MAINTENANCE);
  // A renewal that was activated early.
  const term = {
    activatedAt: '2026-03-01T12:00:00.000Z',
    startsAt: '2026-09-01T12:00:00.000Z',
    expiresAt: '2029-09-01T12:00:00.000Z',
  };
  await harness.take(moveOf('licenses.activated.1', license, customerId, { version: 1, ...term }));
  await harness.take(moveOf('licenses.returned.1', license, customerId, { version: 2, ...term }));
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId, { activationVersion: 2 })));

  const { licenses } = (await split(user, url, [400, 600])).json<LicenseChange>();

  expect(licenses.map((part) => [part.termYears, part.startsAt, part.expiresAt])).toEqual([
    [3, term.startsAt, term.expiresAt],
    [3, term.startsAt, term.expiresAt],
  ]);
  const published = (await harness.events('license.changed.1')).slice(-2);
  expect(published.map((event) => [event.data.firstActivatedAt, event.data.startsAt])).toEqual([
    [term.activatedAt, term.startsAt],
    [term.activatedAt, term.startsAt],
  ]);
  // Activation counts the moves of a part from the beginning.
  const [, part] = licenses;
  if (part === undefined) throw new Error('two parts');
  await harness.take(moveOf('licenses.activated.1', part, customerId, { version: 1, ...term }));
  expect((await harness.get(user, `/v1/licenses/${part.licenseId}`)).json()).toMatchObject({ place: 'controller' });
});

test('the parts share the term also when the event of the first activation has not arrived yet', async () => {
  const { user, license, url } = await givenAssigned(harness, MAINTENANCE);
  const [firstActivatedAt, startsAt] = ['2026-02-01T08:00:00.000Z', '2026-06-01T08:00:00.000Z'];
  harness.whileWaiting(async () =>
    harness.take(await answerOf(harness, license.licenseId, { activationVersion: 2, firstActivatedAt, startsAt })),
  );
  await split(user, url, [400, 600]);
  const published = (await harness.events('license.changed.1')).slice(-2);
  expect(published.map((event) => [event.data.firstActivatedAt, event.data.startsAt])).toEqual([
    [firstActivatedAt, startsAt],
    [firstActivatedAt, startsAt],
  ]);
});

test('parts of a renewal renew the same license together', async () => {
  const { partnerId, user } = await givenPartner(harness);
  const [first] = await givenLicenses(harness, partnerId, [MAINTENANCE]);
  const [renewal] = await givenLicenses(harness, partnerId, [{ ...MAINTENANCE, renews: first?.licenseId }]);
  const { licenses } = (await split(user, `/v1/licenses/${renewal?.licenseId}`, [500, 500])).json<LicenseChange>();
  expect(licenses.map((part) => part.renews)).toEqual([first?.licenseId, first?.licenseId]);
});

test('device counts are conserved by any sequence of splits, wanted or refused', async () => {
  const counts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 100 }), fc.array(counts, { maxLength: 4 }), async (total, splits) => {
      const { user } = await givenInventory({ ...CAPACITY, deviceCount: total }).then(async (given) => {
        for (const [index, parts] of splits.entries()) {
          const { items } = (await harness.get(given.user, '/v1/licenses')).json<{ items: License[] }>();
          const whole = items[index % items.length];
          if (whole === undefined) throw new Error('a partner’s licenses do not vanish');
          // Every second split is made to fit.
          const wanted = index % 2 === 0 ? fitted(parts, whole.deviceCount) : parts;
          const answer = await split(given.user, `/v1/licenses/${whole.licenseId}`, wanted);
          const fits = wanted.length > 1 && sum(wanted) === whole.deviceCount;
          expect(answer.statusCode === 200).toBe(fits);
        }
        return given;
      });
      const { items } = (await harness.get(user, '/v1/licenses')).json<{ items: License[] }>();
      expect(sum(items.map((license) => license.deviceCount))).toBe(total);
    }),
    { numRuns: 40 },
  );
});

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

/** As many of the parts as fit, and what is left of the whole. */
const fitted = (parts: number[], whole: number): number[] => {
  const kept: number[] = [];
  for (const part of parts) if (sum(kept) + part < whole) kept.push(part);
  return [...kept, whole - sum(kept)];
};
