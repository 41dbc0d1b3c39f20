import { randomUUID } from 'node:crypto';
import { type Actor, SCOPES } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { startTestApp, type TestApp } from '../../test/harness.ts';
import { basic, tokenRequest } from '../../test/token-request.ts';

let account: TestApp;
let partnerId: string;
let admin: Actor;
beforeAll(async () => {
  account = await startTestApp();
  partnerId = await account.newPartner();
  admin = actors.partnerUser(partnerId, 'admin');
});
afterAll(() => account.close());

const create = (body: object, actor = admin, headers = {}) =>
  account.as(actor, { method: 'POST', url: '/v1/api-clients', body, headers });
const post = (path: string, headers = {}) =>
  account.as(admin, { method: 'POST', url: `/v1/api-clients/${path}`, headers });
const tokenStatus = async (clientId: string, clientSecret: string): Promise<number> =>
  (await tokenRequest(account, 'grant_type=client_credentials', basic(clientId, clientSecret))).statusCode;

test('a partner admin creates a client and sees its secret in this answer only', async () => {
  const response = await create({ name: ' Warehouse ', scopes: ['licenses:read', 'customers:read'] });
  expect(response.statusCode).toBe(201);
  const { clientSecret, ...client } = response.json();
  expect(clientSecret).toMatch(/^sscs_[A-Za-z0-9_-]{43}$/);
  expect(client).toEqual({
    clientId: expect.any(String),
    partnerId,
    name: 'Warehouse',
    scopes: ['licenses:read', 'customers:read'],
    status: 'active',
    createdAt: '2026-03-01T12:00:00.000Z',
    secretCreatedAt: '2026-03-01T12:00:00.000Z',
  });
  const list = await account.as(admin, { method: 'GET', url: '/v1/api-clients' });
  expect(list.json().items).toContainEqual(client);
  expect(list.body).not.toContain(clientSecret);
  const stored = await account.database.kysely.selectFrom('api_clients').selectAll().execute();
  expect(JSON.stringify(stored.map((row) => row.secret_hash.toString('latin1')))).not.toContain(clientSecret);
});

test('a new secret works at once, and the old one no longer', async () => {
  const { clientId, clientSecret } = (await create({ name: 'Rotated', scopes: ['licenses:read'] })).json();
  account.clock.advance(60_000);
  const rotated = await post(`${clientId}/rotate`);
  expect(rotated.statusCode).toBe(200);
  expect(rotated.json().secretCreatedAt).toBe(account.clock.now().toISOString());
  expect(rotated.json().clientSecret).not.toBe(clientSecret);
  expect(await tokenStatus(clientId, clientSecret)).toBe(401);
  expect(await tokenStatus(clientId, rotated.json().clientSecret)).toBe(200);
});

test('repeated with one idempotency key, a rotation happens once and shows the same secret, which is not stored', async () => {
  const { clientId } = (await create({ name: 'Retried', scopes: ['licenses:read'] })).json();
  const headers = { 'idempotency-key': randomUUID() };
  const answers = await Promise.all([post(`${clientId}/rotate`, headers), post(`${clientId}/rotate`, headers)]);
  expect(answers[0]?.body).toBe(answers[1]?.body);
  const { clientSecret } = answers[0]?.json() ?? {};
  expect(await tokenStatus(clientId, clientSecret)).toBe(200);
  const rows = await account.database.kysely.selectFrom('idempotency_keys').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(clientSecret);
});

test('rotations at the same time follow each other: the secret of the last one works, the others do not', async () => {
  const { clientId } = (await create({ name: 'Contended', scopes: ['licenses:read'] })).json();
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(`${clientId}/rotate`)));
  const statuses: number[] = [];
  for (const answer of answers) statuses.push(await tokenStatus(clientId, answer.json().clientSecret));
  expect(statuses.sort()).toEqual([200, 401, 401, 401, 401]);
});

test('a revoked client gets no token and no new secret, and stays in the list', async () => {
  const { clientId, clientSecret } = (await create({ name: 'Revoked', scopes: ['licenses:read'] })).json();
  const answers = [await post(`${clientId}/revoke`), await post(`${clientId}/revoke`)];
  for (const answer of answers) expect([answer.statusCode, answer.json().status]).toEqual([200, 'revoked']);
  expect(await tokenStatus(clientId, clientSecret)).toBe(401);
  expectProblem(await post(`${clientId}/rotate`), 404, 'api_client_not_found');
  const list = (await account.as(admin, { method: 'GET', url: '/v1/api-clients?limit=200' })).json().items;
  expect(list).toContainEqual(expect.objectContaining({ clientId, status: 'revoked' }));
});

test('a client cannot be given a scope that would make clients, control licenses or activate', async () => {
  const refused = Object.keys(SCOPES).filter((scope) =>
    /^(api-clients|partners|orders|activations)|control$/.test(scope),
  );
  expect(refused.length).toBeGreaterThan(6);
  for (const scope of [...refused, 'made-up']) {
    const response = await create({ name: 'Greedy', scopes: ['licenses:read', scope] });
    const problem = expectProblem(response, 400, 'validation_failed');
    expect(problem.errors?.map((e) => e.pointer)).toEqual(['/scopes/1']);
    expect(response.body).not.toContain('made-up');
  }
});

test.each([
  ['no scope at all', { name: 'X', scopes: [] }, '/scopes'],
  ['a scope twice', { name: 'X', scopes: ['licenses:read', 'licenses:read'] }, '/scopes'],
  ['a name of blanks', { name: '  ', scopes: ['licenses:read'] }, '/name'],
])('%s is refused', async (_, body, pointer) => {
  const problem = expectProblem(await create(body), 400, 'validation_failed');
  expect(problem.errors?.[0]?.pointer).toBe(pointer);
});

test('members and viewers of a partner and API clients may not manage API clients', async () => {
  const body = { name: 'X', scopes: ['licenses:read'] };
  const roles = [actors.partnerUser(partnerId, 'member'), actors.partnerUser(partnerId, 'viewer')];
  for (const actor of [...roles, actors.apiClient(partnerId)]) {
    expectProblem(await create(body, actor), 403, 'scope_missing');
    expectProblem(await account.as(actor, { method: 'GET', url: '/v1/api-clients' }), 403, 'scope_missing');
  }
});

test('staff manages the clients of a partner that it names', async () => {
  const body = { name: 'By staff', scopes: ['licenses:read'] };
  expectProblem(await create(body, actors.staff()), 400, 'validation_failed');
  expectProblem(await create({ ...body, partnerId: randomUUID() }, actors.staff()), 404, 'partner_not_found');
  const created = await create({ ...body, partnerId }, actors.staff());
  expect([created.statusCode, created.json().partnerId]).toEqual([201, partnerId]);
});
