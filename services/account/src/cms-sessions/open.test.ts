import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { CMS_SCOPES } from '@smartserver/contracts';
import { type DeviceProofClaims, generateKey, keyId, signDeviceProof } from '@smartserver/license-document';
import { deliver, expectProblem, makeEvent } from '@smartserver/testing';
import { decodeJwt } from 'jose';
import { startTestApp, type TestApp } from '../../test/harness.ts';
import { handlers } from '../events.ts';
import { prune } from '../prune.ts';

let account: TestApp;
let partnerId: string;
let customerId: string;
let otherCustomerId: string;
beforeAll(async () => {
  account = await startTestApp();
  partnerId = await account.newPartner();
  customerId = await account.newCustomer(partnerId, 'P2022-0208');
  otherCustomerId = await account.newCustomer(await account.newPartner(), 'Another');
});
afterAll(() => account.close());

const MINUTE = 60_000;
let codes = 0;
const newInstallCode = () => {
  codes += 1;
  return `0302E1C2A8F4${String(codes).padStart(4, '0')}`;
};

type Attempt = { installCode: string; key: KeyObject; customerId?: string; claims?: Partial<DeviceProofClaims> };

const proofOf = ({ installCode, key, claims = {}, ...rest }: Attempt): string =>
  signDeviceProof({
    deviceKey: key,
    audience: 'smartserver-license-api',
    customerId: rest.customerId ?? customerId,
    installCode,
    userType: 'owner',
    issuedAt: account.clock.now(),
    nonce: randomUUID(),
    ...claims,
  });

const send = (body: object, headers = {}) => account.call({ method: 'POST', url: '/v1/cms/sessions', body, headers });
const open = (attempt: Attempt) =>
  send({ customerId: attempt.customerId ?? customerId, installCode: attempt.installCode, proof: proofOf(attempt) });

/** What activation publishes of a controller. */
const controllerIs = (
  installCode: string,
  state: { deviceKey: string | null; licenseCount: number; version: number; customerId?: string },
) =>
  deliver(
    account.database,
    handlers(),
    makeEvent('controller.changed.1', {
      installCode: installCode,
      partnerId: partnerId,
      customerId: state.customerId ?? customerId,
      deviceKey: state.deviceKey,
      licenseCount: state.licenseCount,
      version: state.version,
    }),
  );

test('the CMS Owner opens a session with a Customer ID, an install code in any case, and a proof by the device key', async () => {
  const installCode = newInstallCode();
  const key = generateKey();
  const proof = proofOf({ installCode, key });
  const response = await send({ customerId: customerId.toUpperCase(), installCode: installCode.toLowerCase(), proof });
  expect(response.statusCode).toBe(201);
  const { accessToken, ...rest } = response.json();
  expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: 900, customerName: 'P2022-0208' });
  const iat = account.clock.now().getTime() / 1000;
  expect(decodeJwt(accessToken)).toMatchObject({
    actor: 'cms',
    sub: installCode,
    scope: CMS_SCOPES.join(' '),
    partnerId,
    customerId,
    installCode,
    deviceKey: keyId(key),
    iat,
    exp: iat + 900,
  });
  const me = await account.call({ method: 'GET', url: '/v1/me', headers: { authorization: `Bearer ${accessToken}` } });
  expect(me.json()).toMatchObject({ kind: 'cms', customerId, installCode, email: null });
});

test.each(['viewer', 'Owner', 'administrator'])(
  'a user of type %s is refused: only the Owner may',
  async (userType) => {
    const attempt = { installCode: newInstallCode(), key: generateKey(), claims: { userType } };
    expectProblem(await open(attempt), 403, 'owner_required');
  },
);

test.each([
  [-5 * MINUTE, 201],
  [5 * MINUTE, 201],
  [-5 * MINUTE - 1000, 403],
  [5 * MINUTE + 1000, 403],
  [-10 * 365 * 24 * 60 * MINUTE, 403],
])('a device clock %i ms off is answered with %i', async (offset, status) => {
  const issuedAt = new Date(account.clock.now().getTime() + offset);
  const response = await open({ installCode: newInstallCode(), key: generateKey(), claims: { issuedAt } });
  expect(response.statusCode).toBe(status);
  if (status === 403) expectProblem(response, 403, 'device_clock_wrong');
});

test('a proof for another customer, controller or audience than the request names is not valid', async () => {
  const installCode = newInstallCode();
  const key = generateKey();
  const proofs = [
    proofOf({ installCode, key, customerId: otherCustomerId }),
    proofOf({ installCode: newInstallCode(), key }),
    proofOf({ installCode, key, claims: { audience: 'another-api' } }),
  ];
  for (const proof of proofs) {
    expectProblem(await send({ customerId, installCode, proof }), 403, 'device_proof_invalid');
  }
});

test('a proof that was altered, signed by another key, or is none is not valid, and is echoed nowhere', async () => {
  const installCode = newInstallCode();
  const proof = proofOf({ installCode, key: generateKey() });
  const [head, body, signature] = proof.split('.');
  const foreign = proofOf({ installCode, key: generateKey() }).split('.')[2];
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  expect(() => proofOf({ installCode, key: rsa })).toThrow();
  for (const bad of [
    `${head}.${body}.${foreign}`,
    `${head}.${signature}.${body}`,
    `${head}.${body}.`,
    'secret-text',
    '.',
  ]) {
    const response = await send({ customerId, installCode, proof: bad });
    expectProblem(response, 403, 'device_proof_invalid');
    expect(response.body).not.toContain('secret-text');
  }
  expect(JSON.stringify(account.logger.lines())).not.toContain(proof);
});

test('a proof works once, also when it comes ten times at once', async () => {
  const installCode = newInstallCode();
  const body = { customerId, installCode, proof: proofOf({ installCode, key: generateKey() }) };
  const responses = await Promise.all(Array.from({ length: 10 }, () => send(body)));
  expect(responses.filter((r) => r.statusCode === 201)).toHaveLength(1);
  for (const response of responses.filter((r) => r.statusCode !== 201)) {
    expectProblem(response, 403, 'device_proof_invalid');
  }
});

test('a proof is remembered for as long as its time would let it pass, and then forgotten', async () => {
  const installCode = newInstallCode();
  const issuedAt = new Date(account.clock.now().getTime() + 5 * MINUTE);
  const body = { customerId, installCode, proof: proofOf({ installCode, key: generateKey(), claims: { issuedAt } }) };
  expect((await send(body)).statusCode).toBe(201);
  account.clock.advance(10 * MINUTE);
  await prune(account);
  expectProblem(await send(body), 403, 'device_proof_invalid');
  account.clock.advance(2 * MINUTE);
  await prune(account);
  expectProblem(await send(body), 403, 'device_clock_wrong');
  expect(await account.database.kysely.selectFrom('device_proofs').selectAll().execute()).toEqual([]);
});

test('two controllers may happen to use the same nonce', async () => {
  const claims = { nonce: 'the-same' };
  const attempts = [1, 2].map(() => ({ installCode: newInstallCode(), key: generateKey(), claims }));
  for (const attempt of attempts) expect((await open(attempt)).statusCode).toBe(201);
});

test('a request whose answer was lost gets the same session again with its idempotency key', async () => {
  const installCode = newInstallCode();
  const body = { customerId, installCode, proof: proofOf({ installCode, key: generateKey() }) };
  const headers = { 'idempotency-key': randomUUID() };
  const [first, again] = [await send(body, headers), await send(body, headers)];
  expect([again.statusCode, again.body]).toEqual([201, first.body]);
  const rows = await account.database.kysely.selectFrom('idempotency_keys').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(first.json().accessToken);
});

test('a Customer ID that does not exist is not found', async () => {
  const unknown = randomUUID();
  const attempt = { installCode: newInstallCode(), key: generateKey(), customerId: unknown };
  expectProblem(await open(attempt), 404, 'customer_not_found');
});

test('a controller without licenses is taken over by another key or account', async () => {
  const installCode = newInstallCode();
  await controllerIs(installCode, { deviceKey: keyId(generateKey()), licenseCount: 0, version: 1 });
  expect((await open({ installCode, key: generateKey() })).statusCode).toBe(201);
  expect((await open({ installCode, key: generateKey(), customerId: otherCustomerId })).statusCode).toBe(201);
});

test('a controller with licenses opens a session for its enrolled key and its account only', async () => {
  const installCode = newInstallCode();
  const key = generateKey();
  await controllerIs(installCode, { deviceKey: keyId(key), licenseCount: 2, version: 1 });
  expect((await open({ installCode, key })).statusCode).toBe(201);
  expectProblem(await open({ installCode, key: generateKey() }), 403, 'device_proof_invalid');
  expectProblem(await open({ installCode, key, customerId: otherCustomerId }), 409, 'controller_in_use');
});

test('another key than the enrolled one does not learn that licenses of another account are on the controller', async () => {
  const installCode = newInstallCode();
  await controllerIs(installCode, { deviceKey: keyId(generateKey()), licenseCount: 1, version: 1 });
  const attempt = { installCode, key: generateKey(), customerId: otherCustomerId };
  expectProblem(await open(attempt), 403, 'device_proof_invalid');
});

test('after a reset of its key, a controller with licenses enrols a new one for its account only', async () => {
  const installCode = newInstallCode();
  await controllerIs(installCode, { deviceKey: null, licenseCount: 1, version: 1 });
  expect((await open({ installCode, key: generateKey() })).statusCode).toBe(201);
  const attempt = { installCode, key: generateKey(), customerId: otherCustomerId };
  expectProblem(await open(attempt), 403, 'device_proof_invalid');
});

test('events of a controller that come late, after newer ones, or twice, change nothing', async () => {
  const installCode = newInstallCode();
  const key = generateKey();
  await controllerIs(installCode, { deviceKey: keyId(key), licenseCount: 1, version: 5 });
  await controllerIs(installCode, { deviceKey: null, licenseCount: 0, version: 4 });
  await controllerIs(installCode, { deviceKey: null, licenseCount: 0, version: 5 });
  expectProblem(await open({ installCode, key: generateKey() }), 403, 'device_proof_invalid');
  await controllerIs(installCode, { deviceKey: keyId(key), licenseCount: 0, version: 6 });
  expect((await open({ installCode, key: generateKey() })).statusCode).toBe(201);
});

test.each([
  ['no proof', { proof: undefined }, '/proof'],
  ['an install code that is none', { installCode: 'a b' }, '/installCode'],
  ['a Customer ID that is none', { customerId: 'x' }, '/customerId'],
  ['a field too many', { more: 1 }, '/more'],
])('%s is refused by a problem that names the field', async (_, change, pointer) => {
  const body = { customerId, installCode: newInstallCode(), proof: 'a.b.c', ...change };
  const problem = expectProblem(await send(body), 400, 'validation_failed');
  expect(problem.errors?.[0]?.pointer).toBe(pointer);
});
