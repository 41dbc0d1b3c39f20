import { randomUUID } from 'node:crypto';
import type { ActivationsResult } from '@smartserver/contracts';
import { givenAccount, givenCms, givenLicense, licensesIn } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';

/* Online activation: all of the licenses, or none; published once; answered with a document that verifies with the root key alone. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const MAINTENANCE = { kind: 'maintenance', deviceCount: 1000, termYears: 3 } as const;

test('activating two licenses answers with both and with a document that verifies with only the root key', async () => {
  const account = await givenAccount(harness, [{ deviceCount: 1000 }, MAINTENANCE]);
  const device = await givenCms(harness, account);
  const answer = await device.activate(account.licenseIds);
  expect(answer.statusCode).toBe(201);
  const { activations, document } = answer.json<ActivationsResult>();
  const now = harness.clock.now().toISOString();
  expect(activations).toEqual([
    expect.objectContaining({
      licenseId: account.licenseIds[0],
      installCode: device.installCode,
      activatedAt: now,
      expiresAt: null,
    }),
    expect.objectContaining({
      licenseId: account.licenseIds[1],
      activatedAt: now,
      expiresAt: '2029-03-01T12:00:00.000Z',
    }),
  ]);
  expect(document).toMatchObject({ installCode: device.installCode, serial: 1, issuedAt: now });
  expect(harness.verify(document)).toMatchObject({
    installCode: device.installCode,
    customerId: account.customerId,
    serial: 1,
    licenses: expect.arrayContaining([
      { licenseId: account.licenseIds[0], kind: 'capacity', deviceCount: 1000, activatedAt: now, expiresAt: null },
    ]),
  });
  expect((await device.document()).json()).toEqual(document);
});

test('the activation is published once to each queue, with everything its readers need', async () => {
  const account = await givenAccount(harness, [MAINTENANCE]);
  const device = await givenCms(harness, account);
  await device.activate(account.licenseIds);
  await device.activate(account.licenseIds);
  const recorded = (await harness.events('licenses.activated.1')).filter(
    (event) => event.data.installCode === device.installCode,
  );
  expect(recorded).toEqual([
    {
      id: expect.any(String),
      type: 'licenses.activated.1',
      occurredAt: harness.clock.now().toISOString(),
      actor: { kind: 'cms', id: device.installCode },
      traceparent: expect.stringMatching(/^00-/),
      data: {
        installCode: device.installCode,
        segmentName: 'Building 1',
        partnerId: account.partnerId,
        customerId: account.customerId,
        customerVersion: 1,
        mode: 'online',
        licenses: [
          {
            licenseId: account.licenseIds[0],
            kind: 'maintenance',
            deviceCount: 1000,
            activationId: expect.any(String),
            activatedAt: harness.clock.now().toISOString(),
            startsAt: '2026-03-01T12:00:00.000Z',
            expiresAt: '2029-03-01T12:00:00.000Z',
            activationVersion: 1,
          },
        ],
      },
    },
  ]);
  const rows = await harness.database.kysely
    .selectFrom('outbox')
    .select('queue')
    .where('event_id', '=', recorded[0]?.id ?? '')
    .orderBy('queue')
    .execute();
  expect(rows.map((row) => row.queue)).toEqual(['license-activations', 'notification-activations']);
  const changed = (await harness.events('controller.changed.1')).filter(
    (event) => event.data.installCode === device.installCode,
  );
  expect(changed.map((event) => [event.data.version, event.data.licenseCount])).toEqual([
    [1, 0],
    [2, 1],
  ]);
});

test('a controller that holds the license already gets the same answer, and nothing changes', async () => {
  const account = await givenAccount(harness, [{}, MAINTENANCE]);
  const device = await givenCms(harness, account);
  const first = await device.activate(account.licenseIds);
  const outbox = (await harness.events('licenses.activated.1')).length;
  harness.clock.advance(60_000);
  const second = await device.activate(account.licenseIds);
  expect([second.statusCode, second.body]).toEqual([201, first.body]);
  expect((await harness.events('licenses.activated.1')).length).toBe(outbox);
});

test('activating one more keeps what is there, and the document names all of it', async () => {
  const account = await givenAccount(harness, [{}, {}]);
  const device = await givenCms(harness, account);
  const [one = '', two = ''] = account.licenseIds;
  await device.activate([one]);
  const answer = await device.activate([two, one]);
  expect(answer.json<ActivationsResult>().document.serial).toBe(2);
  expect(answer.json<ActivationsResult>().activations.map((each) => each.licenseId)).toEqual([two, one]);
  expect(licensesIn(harness, answer).sort()).toEqual([one, two].sort());
});

test('a license whose transfer is still on its way is waited for', async () => {
  const account = await givenAccount(harness);
  const device = await givenCms(harness, account);
  const licenseId = randomUUID();
  harness.time.passes = async () => {
    await givenLicense(harness, account, { licenseId });
  };
  const answer = await device.activate([licenseId]);
  harness.time.passes = async () => undefined;
  expect(answer.statusCode).toBe(201);
});

test('an install code is the same in any case', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  const answer = await harness.post(device.cms, `${device.url.toLowerCase()}/activations`, {
    licenseIds: account.licenseIds,
  });
  expect(answer.statusCode).toBe(201);
});

test('the common way is one statement, also with an Idempotency-Key, and so is its repetition', async () => {
  const account = await givenAccount(harness, [{}, {}]);
  const device = await givenCms(harness, account);
  let statements = 0;
  const { pool } = harness.database;
  const query = pool.query.bind(pool);
  const connect = jest.spyOn(pool, 'connect');
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg cannot be named here
  const spy = jest.spyOn(pool, 'query').mockImplementation(((...args: any[]) => {
    statements += 1;
    return (query as (...all: unknown[]) => unknown)(...args);
    // biome-ignore lint/suspicious/noExplicitAny: see above
  }) as any);
  connect.mockClear();
  const key = { 'idempotency-key': randomUUID() };
  const [one = '', two = ''] = account.licenseIds;
  expect((await device.activate([one])).statusCode).toBe(201);
  expect((await device.activate([one])).statusCode).toBe(201);
  expect((await device.activate([two], key)).statusCode).toBe(201);
  expect((await device.activate([two], key)).statusCode).toBe(201);
  // pool.query connects by itself, once for each statement; Kysely would connect without it.
  expect([statements, connect.mock.calls.length]).toEqual([4, 4]);
  spy.mockRestore();
  connect.mockRestore();
});

test('an unknown License ID costs three queries: the activation, and what is read before and after waiting for events', async () => {
  const device = await givenCms(harness, await givenAccount(harness));
  const connect = jest.spyOn(harness.database.pool, 'connect');
  expect((await device.activate([randomUUID()])).statusCode).toBe(404);
  expect(connect).toHaveBeenCalledTimes(3);
  connect.mockRestore();
});
