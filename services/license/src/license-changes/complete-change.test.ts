import { randomUUID } from 'node:crypto';
import type { License } from '@smartserver/contracts';
import { makeEvent } from '@smartserver/testing';
import {
  answerOf,
  givenAssigned,
  type Harness,
  lastHold,
  MAINTENANCE,
  moveOf,
  REFUSED,
  startHarness,
} from '../../test/harness.ts';
import { resumeChanges } from './resume-changes.ts';

/* The two-step exchange with activation, with either side crashing and messages repeated, lost or reordered. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** A take-back that waits for activation. */
const givenPending = async (line?: typeof MAINTENANCE) => {
  const assigned = await givenAssigned(harness, line);
  const answer = await harness.post(assigned.user, `${assigned.url}/take-back`);
  return { ...assigned, changeUrl: `/v1/license-changes/${answer.json().changeId}` };
};

const read = async (url: string) => (await harness.get(harness.staff, url)).json<License>();
const eventsOf = async (licenseId: string, type: 'license.changed.1' | 'hold.requested.1' | 'hold.released.1') =>
  (await harness.events(type)).filter((event) => event.data.licenseId === licenseId);
const resume = () => resumeChanges(harness.deps);

test('a repeated grant moves the license once, and is released where it came as a new message', async () => {
  const { license, url } = await givenPending();
  const answer = await answerOf(harness, license.licenseId);
  expect(await harness.take(answer)).toBe(true);
  expect(await harness.take(answer)).toBe(false);
  await harness.take(await answerOf(harness, license.licenseId));
  expect(await read(url)).toMatchObject({ place: 'inventory', version: 3 });
  const { items } = (await harness.get(harness.staff, `${url}/history`)).json();
  expect(items.map((entry: { event: string }) => entry.event)).toEqual(['purchased', 'transferred', 'taken_back']);
  expect(await eventsOf(license.licenseId, 'hold.released.1')).toHaveLength(1);
});

test('the same grant delivered ten times at once moves the license once', async () => {
  const { license, url } = await givenPending();
  const answer = await answerOf(harness, license.licenseId);
  const effects = await Promise.all(Array.from({ length: 10 }, () => harness.take(answer)));
  expect(effects.filter(Boolean)).toHaveLength(1);
  expect(await read(url)).toMatchObject({ version: 3 });
});

test('a batch of answers completes or refuses each change, and a repeated grant moves nothing more', async () => {
  const [granted, refused] = [await givenPending(), await givenPending()];
  const grant = await answerOf(harness, granted.license.licenseId);
  const batch = [
    grant,
    await answerOf(harness, refused.license.licenseId, REFUSED),
    { ...grant, id: randomUUID() },
  ] as const;
  await harness.database.kysely.transaction().execute(async (trx) => harness.handlers['hold.resolved.1']?.(trx, batch));
  expect(await read(granted.url)).toMatchObject({ place: 'inventory', version: 3 });
  expect(await read(refused.url)).toMatchObject({ place: 'customer', version: 2 });
  expect(await eventsOf(granted.license.licenseId, 'hold.released.1')).toHaveLength(1);
  expect((await harness.get(harness.staff, refused.changeUrl)).json()).toMatchObject({
    status: 'refused',
    refusal: 'license_in_use',
  });
});

test('a crash before the answer’s commit leaves the change pending; the message comes again and completes it', async () => {
  const { license, url, changeUrl } = await givenPending();
  const answer = await answerOf(harness, license.licenseId);
  const crash = harness.database.kysely.transaction().execute(async (trx) => {
    await harness.handlers['hold.resolved.1']?.(trx, [answer]);
    throw new Error('killed before the commit');
  });
  await expect(crash).rejects.toThrow('killed');
  expect((await harness.get(harness.staff, changeUrl)).json()).toMatchObject({ status: 'pending' });
  expect(await eventsOf(license.licenseId, 'license.changed.1')).toHaveLength(2);
  expect(await harness.take(answer)).toBe(true);
  expect(await read(url)).toMatchObject({ place: 'inventory', version: 3 });
});

test('a change whose answer got lost asks again for the same hold, once per half minute, until it is answered', async () => {
  const { license, changeUrl } = await givenPending();
  const first = await lastHold(harness, license.licenseId);
  harness.clock.advance(29_000);
  await resume();
  expect(await eventsOf(license.licenseId, 'hold.requested.1')).toHaveLength(1);
  harness.clock.advance(1_000);
  // Two processes look at the same time.
  await Promise.all([resume(), resume()]);
  expect((await eventsOf(license.licenseId, 'hold.requested.1')).map((event) => event.data)).toEqual([first, first]);
  await harness.take(await answerOf(harness, license.licenseId));
  expect((await harness.get(harness.staff, changeUrl)).json()).toMatchObject({ status: 'completed' });
  harness.clock.advance(60_000);
  await resume();
  expect(await eventsOf(license.licenseId, 'hold.requested.1')).toHaveLength(2);
});

test('a license suspended or revoked meanwhile is not moved by a grant: refused, and the hold released', async () => {
  for (const [command, refusal] of [
    ['suspend', 'license_suspended'],
    ['revoke', 'license_revoked'],
  ]) {
    const { license, url, changeUrl } = await givenPending();
    await harness.post(harness.staff, `${url}/${command}`, { reason: 'unpaid' });
    await harness.take(await answerOf(harness, license.licenseId));
    expect((await harness.get(harness.staff, changeUrl)).json()).toMatchObject({ status: 'refused', refusal });
    expect(await read(url)).toMatchObject({ place: 'customer' });
    expect(await eventsOf(license.licenseId, 'hold.released.1')).toHaveLength(1);
  }
});

test('a license suspended and reinstated meanwhile is not moved: its new version ended the hold', async () => {
  const { license, url, changeUrl } = await givenPending();
  await harness.post(harness.staff, `${url}/suspend`, { reason: 'unpaid' });
  await harness.post(harness.staff, `${url}/reinstate`, { reason: 'paid' });
  await harness.take(await answerOf(harness, license.licenseId));
  const change = (await harness.get(harness.staff, changeUrl)).json();
  expect(change).toMatchObject({ status: 'refused', refusal: 'license_not_available' });
  expect(await read(url)).toMatchObject({ place: 'customer' });
  expect(await eventsOf(license.licenseId, 'hold.released.1')).toHaveLength(1);
});

test('a refused hold is not released: there is none', async () => {
  const { license } = await givenPending();
  await harness.take(await answerOf(harness, license.licenseId, REFUSED));
  expect(await eventsOf(license.licenseId, 'hold.released.1')).toEqual([]);
});

test('a refused change leaves the license free for another try', async () => {
  const { user, license, url } = await givenPending();
  await harness.take(await answerOf(harness, license.licenseId, REFUSED));
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId, { activationVersion: 2 })));
  expect((await harness.post(user, `${url}/take-back`)).statusCode).toBe(200);
});

test('a grant for an unknown change, as after a restore from backup, is released', async () => {
  const { license } = await givenAssigned(harness);
  const licenseId = license.licenseId;
  const data = { holdId: randomUUID(), licenseId, granted: true, refusal: null };
  await harness.take(makeEvent('hold.resolved.1', { ...data, activationVersion: 0, firstActivatedAt: null }));
  expect((await eventsOf(licenseId, 'hold.released.1')).map((event) => event.data)).toEqual([
    { holdId: data.holdId, licenseId },
  ]);
});

test('moves whose events come after the grant belong to the history, and no longer say where the license is', async () => {
  const { license, url, customerId } = await givenPending(MAINTENANCE);
  const firstActivatedAt = '2026-03-01T12:00:01.000Z';
  await harness.take(await answerOf(harness, license.licenseId, { activationVersion: 2, firstActivatedAt }));

  const activated = { version: 1, activatedAt: firstActivatedAt, expiresAt: '2029-03-01T12:00:01.000Z' };
  await harness.take(moveOf('licenses.activated.1', license, customerId, activated));
  expect(await read(url)).toMatchObject({ place: 'inventory', status: 'in_inventory', installCode: null });
  await harness.take(
    moveOf('licenses.returned.1', license, customerId, {
      ...activated,
      version: 2,
      occurredAt: '2026-03-01T12:00:02.000Z',
    }),
  );
  expect(await read(url)).toMatchObject({ place: 'inventory', status: 'in_inventory' });
  const { items } = (await harness.get(harness.staff, `${url}/history`)).json();
  expect(items.map((entry: { event: string }) => entry.event).sort()).toEqual(
    ['purchased', 'transferred', 'activated', 'returned', 'taken_back'].sort(),
  );
});
