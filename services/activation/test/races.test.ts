import { randomUUID } from 'node:crypto';
import type { ActivationsResult, SignedLicenseDocument } from '@smartserver/contracts';

import { expectProblem, makeEvent } from '@smartserver/testing';
import { type Cms, givenAccount, givenCms, licensesIn, openActivations } from './given.ts';
import { type Harness, startHarness, untilTaken } from './harness.ts';

/* Many at once, through two apps with a pool each, as two processes would be. */

const ROUNDS = Number(process.env.RACE_ROUNDS ?? 5);
jest.setTimeout(120_000);

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2, poolSize: 12 });
});
afterAll(() => harness.close());

const givenDevices = async (count: number, licenses = 1) => {
  const account = await givenAccount(
    harness,
    Array.from({ length: licenses }, () => ({})),
  );
  const devices: Cms[] = [];
  for (let n = 0; n < count; n += 1) devices.push(await givenCms(harness, account));
  return { account, devices, licenseIds: account.licenseIds };
};
const statuses = (answers: { statusCode: number }[]) => {
  const counts: Record<number, number> = {};
  for (const { statusCode } of answers) counts[statusCode] = (counts[statusCode] ?? 0) + 1;
  return counts;
};

test('one license, 50 controllers at once: exactly one gets it, 49 get the answer that it is in use', async () => {
  const { account, devices } = await givenDevices(50);
  for (let round = 0; round < ROUNDS; round += 1) {
    const licenseId = randomUUID();
    await harness.licenseChanged({ ...account, licenseId });
    const answers = await Promise.all(devices.map((device) => device.activate([licenseId])));
    expect(statuses(answers)).toEqual({ 201: 1, 409: 49 });
    for (const answer of answers.filter((each) => each.statusCode === 409))
      expectProblem(answer, 409, 'license_in_use');
    expect(await openActivations(harness, [licenseId])).toHaveLength(1);
  }
});

test('one device that retries 50 times at once gets 50 times the same bytes, and costs one activation', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { devices, licenseIds } = await givenDevices(1, 2);
    const answers = await Promise.all(Array.from({ length: 50 }, () => devices[0]?.activate(licenseIds)));
    expect(new Set(answers.map((answer) => `${answer?.statusCode} ${answer?.body}`)).size).toBe(1);
    expect(answers[0]?.statusCode).toBe(201);
    expect(answers[0]?.json<ActivationsResult>().document.serial).toBe(1);
    expect(await openActivations(harness, licenseIds)).toHaveLength(2);
  }
});

test('the same Idempotency-Key 50 times at once: one effect, the same bytes, also for a first contact', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const account = await givenAccount(harness, [{}]);
    const device = await givenCms(harness, account, { linked: round % 2 === 0 });
    const key = { 'idempotency-key': randomUUID() };
    const send = () => device.activate(account.licenseIds, key);
    const answers = await Promise.all(Array.from({ length: 50 }, send));
    expect(new Set(answers.map((answer) => `${answer.statusCode} ${answer.body}`)).size).toBe(1);
    expect(answers[0]?.statusCode).toBe(201);
    // Returned since, the key still gives the answer of then, and does not activate again.
    await device.giveBack({ all: true });
    expect((await send()).body).toBe(answers[0]?.body);
    expect(await openActivations(harness, account.licenseIds)).toHaveLength(0);
    const recorded = (await harness.events('licenses.activated.1')).filter(
      (e) => e.data.installCode === device.installCode,
    );
    expect(recorded).toHaveLength(1);
  }
});

test('one key with two different bodies at once: one has its effect, the other is refused', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { devices, licenseIds } = await givenDevices(1, 2);
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(licenseIds.map((id) => devices[0]?.activate([id], key)));
    expect(answers.map((answer) => answer?.statusCode).sort()).toEqual([201, 422]);
    expect(await openActivations(harness, licenseIds)).toHaveLength(1);
  }
});

test('an Idempotency-Key is of no use to another key of the same controller', async () => {
  const { account, devices, licenseIds } = await givenDevices(1);
  const [device] = devices;
  const key = { 'idempotency-key': randomUUID() };
  await device?.activate(licenseIds, key);
  const thief = await givenCms(harness, account, {
    installCode: device?.installCode ?? '',
    deviceKey: 'x'.repeat(43),
    linked: false,
  });
  expectProblem(await thief.activate(licenseIds, key), 403, 'device_proof_invalid');
});

test('different licenses onto one controller at once: all arrive, and every answer names all that was there', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { devices, licenseIds } = await givenDevices(1, 20);
    const [device] = devices;
    const answers = await Promise.all(licenseIds.map((id) => device?.activate([id])));
    expect(statuses(answers.flatMap((answer) => answer ?? []))).toEqual({ 201: 20 });
    const documents = answers.flatMap((answer) => (answer ? [answer.json<ActivationsResult>().document] : []));
    // Each serial once, from 1 to 20, and the document of serial n holds n licenses.
    const counts = documents.map((document) => [document.serial, harness.verify(document).licenses.length]);
    expect(counts.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))).toEqual(
      Array.from({ length: 20 }, (_, n) => [n + 1, n + 1]),
    );
  }
});

test('many controllers want many licenses in any order: no answer is an error, and each license is in one place', async () => {
  const { devices, licenseIds } = await givenDevices(16, 30);
  let state = 7;
  // A small generator of our own, so that a failure can be repeated.
  const random = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const requests = Array.from({ length: 120 }, () => {
      const device = devices[random(devices.length)];
      const some = [
        ...new Set(Array.from({ length: 1 + random(8) }, () => licenseIds[random(licenseIds.length)] ?? '')),
      ];
      return random(4) === 0 ? device?.giveBack({ all: true }) : device?.activate(some);
    });
    const answers = (await Promise.all(requests)).flatMap((answer) => answer ?? []);
    expect(Object.keys(statuses(answers)).filter((status) => !['200', '201', '409'].includes(status))).toEqual([]);
    const open = await openActivations(harness, licenseIds);
    expect(new Set(open.map((row) => row.license_id)).size).toBe(open.length);
    for (const device of devices) {
      const here = open.filter((row) => row.install_code === device.installCode).map((row) => row.license_id);
      expect(licensesIn(harness, await device.document())).toEqual(here.sort());
    }
  }
});

test('a hold and an activation at once: never both', async () => {
  const { account, devices } = await givenDevices(4);
  let held = 0;
  for (let round = 0; round < ROUNDS * 3; round += 1) {
    const licenseId = randomUUID();
    await harness.licenseChanged({ ...account, licenseId });
    const holdId = randomUUID();
    const ask = harness.take(makeEvent('hold.requested.1', { holdId, licenseId: licenseId, licenseVersion: 1 }));
    // A hold takes several statements: half of the time it gets a start.
    if (round % 2 === 0) await openActivations(harness, [licenseId]);
    const [, ...answers] = await Promise.all([ask, ...devices.map((device) => device.activate([licenseId]))]);
    const answer = (await harness.events('hold.resolved.1')).find((event) => event.data.holdId === holdId);
    const open = await openActivations(harness, [licenseId]);
    expect(open.length).toBe(answer?.data.granted ? 0 : 1);
    expect(answers.filter((each) => each.statusCode === 201).length).toBe(open.length);
    expect(answers.filter((each) => each.statusCode !== 201).every((each) => each.statusCode === 409)).toBe(true);
    if (answer?.data.granted) held += 1;
  }
  console.log(`hold won ${held} of ${ROUNDS * 3} races`);
});

test('a suspension and an activation at once: either it is refused, or the next document is without it', async () => {
  const { account, devices } = await givenDevices(1);
  const [device] = devices;
  if (device === undefined) throw new Error('no device');
  for (let round = 0; round < ROUNDS * 3; round += 1) {
    const licenseId = randomUUID();
    await harness.licenseChanged({ ...account, licenseId });
    const suspend = () => harness.licenseChanged({ ...account, licenseId, standing: 'suspended', version: 2 });
    const suspended = untilTaken(suspend);
    if (round % 2 === 0) await openActivations(harness, [licenseId]);
    const [answer] = await Promise.all([device.activate([licenseId]), suspended]);
    const document = await device.document();
    expect(licensesIn(harness, document)).not.toContain(licenseId);
    if (answer.statusCode === 409) expectProblem(answer, 409, 'license_suspended');
    else
      expect(document.json<SignedLicenseDocument>().serial).toBeGreaterThan(
        answer.json<ActivationsResult>().document.serial,
      );
  }
});

test('should everything else be wrong, the unique index still refuses a second open activation', async () => {
  const { account, devices, licenseIds } = await givenDevices(2);
  await devices[0]?.activate(licenseIds);
  // A license's row that has forgotten where it is.
  await harness.database.kysely
    .updateTable('licenses')
    .set({ installed_on: null, activation_id: null, activated_at: null })
    .where('license_id', 'in', licenseIds)
    .execute();
  const free = randomUUID();
  await harness.licenseChanged({ ...account, licenseId: free });
  const answer = await devices[1]?.activate([free, ...licenseIds]);
  if (answer === undefined) throw new Error('no device');
  expect(expectProblem(answer, 409, 'license_in_use').errors?.map((each) => each.pointer)).toEqual(['/licenseIds/1']);
  expect(await openActivations(harness, [free])).toEqual([]);
});
