import { randomUUID } from 'node:crypto';
import { actors } from '@smartserver/testing';
import type { LightMyRequestResponse } from 'fastify';
import { decodeJwt } from 'jose';
import { startTestApp, type TestApp } from '../../test/harness.ts';
import { basic, tokenRequest } from '../../test/token-request.ts';

let account: TestApp;
let partnerId: string;
let client: { clientId: string; clientSecret: string };
beforeAll(async () => {
  account = await startTestApp();
  partnerId = await account.newPartner();
  const body = { name: 'Integration', scopes: ['licenses:read', 'customers:read', 'customers:write'] };
  client = (await account.as(actors.partnerUser(partnerId), { method: 'POST', url: '/v1/api-clients', body })).json();
});
afterAll(() => account.close());

const expectOAuthError = (response: LightMyRequestResponse, status: number, error: string, code: string) => {
  expect([response.statusCode, response.json()]).toEqual([
    status,
    expect.objectContaining({ error, code, status, error_description: expect.stringMatching(/./) }),
  ]);
  // OAuth client libraries read nothing else.
  expect(response.headers['content-type']).toMatch(/^application\/json/);
  expect(response.headers['cache-control']).toBe('no-store');
};

test('a client gets a token by HTTP Basic, with all its scopes, that works on the API', async () => {
  const response = await tokenRequest(
    account,
    'grant_type=client_credentials',
    basic(client.clientId, client.clientSecret),
  );
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toBe('no-store');
  const { access_token, ...rest } = response.json();
  expect(rest).toEqual({
    token_type: 'Bearer',
    expires_in: 900,
    scope: 'licenses:read customers:read customers:write',
  });
  expect(decodeJwt(access_token)).toMatchObject({ sub: client.clientId, actor: 'api_client', partnerId });
  const headers = { authorization: `Bearer ${access_token}` };
  const body = { name: 'By client' };
  const created = await account.call({ method: 'POST', url: '/v1/customers', headers, body });
  expect([created.statusCode, created.json().partnerId]).toEqual([201, partnerId]);
});

test('a client gets a token with credentials in the form, with the scopes it asks for', async () => {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    scope: 'customers:read  licenses:read',
  });
  const response = await tokenRequest(account, form.toString());
  expect([response.statusCode, response.json().scope]).toEqual([200, 'licenses:read customers:read']);
  const headers = { authorization: `Bearer ${response.json().access_token}` };
  const refused = await account.call({ method: 'POST', url: '/v1/customers', headers, body: { name: 'X' } });
  expect(refused.statusCode).toBe(403);
});

test('a scope that the client was not given is invalid_scope, known or not', async () => {
  for (const scope of ['licenses:write', 'made-up', 'licenses:read orders:write']) {
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope });
    const response = await tokenRequest(account, form.toString(), basic(client.clientId, client.clientSecret));
    expectOAuthError(response, 400, 'invalid_scope', 'validation_failed');
    expect(response.body).not.toContain('made-up');
  }
});

test('an unknown client, a wrong secret and credentials that cannot be read are answered alike, with a challenge', async () => {
  const form = 'grant_type=client_credentials';
  const answers = [
    await tokenRequest(account, form, basic(client.clientId, 'wrong')),
    await tokenRequest(account, form, basic(randomUUID(), client.clientSecret)),
    await tokenRequest(account, form, basic('not-an-id', client.clientSecret)),
    await tokenRequest(account, form, { authorization: 'Basic %%%' }),
    await tokenRequest(account, form, { authorization: `Basic ${Buffer.from('no colon').toString('base64')}` }),
    await tokenRequest(account, form, { authorization: `Basic ${Buffer.from('%zz:x').toString('base64')}` }),
    await tokenRequest(account, form, { authorization: 'Bearer abc' }),
  ];
  for (const answer of answers) {
    expectOAuthError(answer, 401, 'invalid_client', 'invalid_client');
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
  }
  const bodies = answers.map((answer) => JSON.stringify({ ...answer.json(), instance: '' }));
  expect(new Set(bodies).size).toBe(1);
});

test('a request without credentials is invalid_client', async () => {
  const response = await tokenRequest(account, 'grant_type=client_credentials');
  expectOAuthError(response, 401, 'invalid_client', 'invalid_client');
});

test('credentials in header and form at once are refused', async () => {
  const form = `grant_type=client_credentials&client_id=${client.clientId}&client_secret=${client.clientSecret}`;
  const response = await tokenRequest(account, form, basic(client.clientId, client.clientSecret));
  expectOAuthError(response, 400, 'invalid_request', 'validation_failed');
});

test.each([
  ['another grant', 'grant_type=password&username=a&password=b', 'invalid_request'],
  ['another grant, well formed', 'grant_type=authorization_code', 'unsupported_grant_type'],
  ['no grant', 'scope=licenses%3Aread', 'invalid_request'],
  ['a parameter twice', 'grant_type=client_credentials&scope=a&scope=b', 'invalid_request'],
  ['nothing', '', 'invalid_request'],
])('%s is an OAuth error', async (_, form, error) => {
  const response = await tokenRequest(account, form, basic(client.clientId, client.clientSecret));
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ error, error_description: expect.any(String), status: 400 });
});

test('a JSON request for a token is refused: it must be a form', async () => {
  const response = await account.app.inject({
    method: 'POST',
    url: '/v1/auth/token',
    payload: { grant_type: 'client_credentials' },
  });
  expect(response.statusCode).toBe(415);
  expect(response.json()).toMatchObject({ error: 'invalid_request', code: 'unsupported_media_type' });
});

test('secrets of clients are in no log line', async () => {
  expect(JSON.stringify(account.logger.lines())).not.toContain(client.clientSecret);
});
