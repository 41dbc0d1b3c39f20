import { randomUUID } from 'node:crypto';
import { expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, givenLicense, newInstallCode, openActivations } from './given.ts';
import { type Answer, type Harness, startHarness } from './harness.ts';
import { activated, customerOf, fileOf, givenBox, offline, returnedBy } from './offline-given.ts';

/* Online and offline at once, through two apps with a pool each, as two processes would be. */

const ROUNDS = Number(process.env.RACE_ROUNDS ?? (process.env.DOSE === 'long' ? 200 : 10));
jest.setTimeout(900_000);

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2, poolSize: 12 });
});
afterAll(() => harness.close());

const codes = (answers: readonly Answer[]) => answers.map((answer) => answer.statusCode).sort();

test(`one license, online on one controller and offline for another one at once, ${ROUNDS} times: one wins`, async () => {
  const account = await givenAccount(harness);
  const customer = offline(harness, customerOf(account));
  const device = await givenCms(harness, account);
  let online = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const licenseId = await givenLicense(harness, account);
    const elsewhere = newInstallCode();
    // A file takes several statements, so it gets a start of as many.
    const file = customer.activate({ licenseId, installCode: elsewhere });
    for (let start = 0; start < round % 10; start += 1) await openActivations(harness, [licenseId]);
    const answers = await Promise.all([file, device.activate([licenseId])]);
    expect(codes(answers)).toEqual([201, 409]);
    for (const answer of answers.filter((each) => each.statusCode === 409))
      expectProblem(answer, 409, 'license_in_use');
    const [open, ...more] = await openActivations(harness, [licenseId]);
    expect(more).toEqual([]);
    if (open?.mode === 'online') online += 1;
    const files = await harness.database.kysely
      .selectFrom('offline_activations')
      .select('activation_id')
      .where('license_id', '=', licenseId)
      .execute();
    expect(files.map((row) => row.activation_id)).toEqual(open?.mode === 'offline' ? [open.id] : []);
  }
  console.log(`online won ${online} of ${ROUNDS} races`);
});

test('one license for 20 install codes at once: exactly one gets it', async () => {
  const account = await givenAccount(harness);
  const customer = offline(harness, customerOf(account));
  for (let round = 0; round < ROUNDS / 2; round += 1) {
    const licenseId = await givenLicense(harness, account);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => customer.activate({ licenseId, installCode: newInstallCode() })),
    );
    expect(codes(answers)).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    expect(await openActivations(harness, [licenseId])).toHaveLength(1);
  }
});

test('the same request 20 times at once, with keys and without: one effect, one answer', async () => {
  const account = await givenAccount(harness);
  const actor = customerOf(account);
  for (let round = 0; round < ROUNDS / 2; round += 1) {
    const licenseId = await givenLicense(harness, account);
    const box = givenBox();
    const body =
      round % 2 === 0 ? { licenseId, installCode: box.installCode } : { licenseId, requestFile: box.request() };
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => offline(harness, actor).activate(body, n % 2 === 0 ? key : {})),
    );
    expect(new Set(answers.map((answer) => `${answer.statusCode} ${answer.body}`)).size).toBe(1);
    activated(answers[0] as Answer);
    expect(await openActivations(harness, [licenseId])).toMatchObject([{ serial: 1 }]);
  }
});

test('many licenses for one new controller at once, by typed code and by request file: each arrives, each file with its own serial', async () => {
  const account = await givenAccount(
    harness,
    Array.from({ length: 12 }, () => ({})),
  );
  const customer = offline(harness, customerOf(account));
  const box = givenBox();
  const requestFile = box.request();
  const answers = await Promise.all(
    account.licenseIds.map((licenseId, n) =>
      customer.activate(n % 2 === 0 ? { licenseId, requestFile } : { licenseId, installCode: box.installCode }),
    ),
  );
  const serials = answers.map((answer) => activated(answer).serial).sort((a, b) => a - b);
  expect(serials).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
  const last = answers.map(activated).find((each) => each.serial === 12);
  expect(box.take(harness, await fileOf(harness, last?.offlineActivationId ?? '')).sort()).toEqual(
    [...account.licenseIds].sort(),
  );
});

test('one receipt 20 times at once: it frees its license once, and is answered alike', async () => {
  const account = await givenAccount(harness);
  const customer = offline(harness, customerOf(account));
  for (let round = 0; round < ROUNDS / 2; round += 1) {
    const licenseId = await givenLicense(harness, account);
    const box = givenBox();
    const made = activated(await customer.activate({ licenseId, requestFile: box.request() }));
    box.take(harness, await fileOf(harness, made.offlineActivationId));
    const receipt = box.remove(account.customerId, [licenseId]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => customer.giveBack(receipt)));
    expect(new Set(answers.map((answer) => `${answer.statusCode} ${answer.body}`)).size).toBe(1);
    returnedBy(answers[0] as Answer);
    const recorded = (await harness.events('licenses.returned.1')).filter(
      (e) => e.data.installCode === box.installCode,
    );
    expect(recorded).toHaveLength(1);
  }
});

test('an online return and the receipt of the same removal at once: the license is returned once', async () => {
  const account = await givenAccount(harness);
  const customer = offline(harness, customerOf(account));
  for (let round = 0; round < ROUNDS; round += 1) {
    const licenseId = await givenLicense(harness, account);
    const box = givenBox();
    const device = await givenCms(harness, account, { installCode: box.installCode, deviceKey: box.thumbprint });
    await device.activate([licenseId]);
    box.serial = 1;
    const receipt = box.remove(account.customerId, [licenseId]);
    const answers = await Promise.all([device.giveBack({ licenseIds: [licenseId] }), customer.giveBack(receipt)]);
    expect(codes(answers)).toEqual([200, 200]);
    const recorded = (await harness.events('licenses.returned.1')).filter(
      (e) => e.data.installCode === box.installCode,
    );
    expect(recorded).toHaveLength(1);
    expect(await openActivations(harness, [licenseId])).toEqual([]);
  }
});
