import { randomUUID } from 'node:crypto';
import type { Actor } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { startTestApp, type TestApp, withoutInstance } from './harness.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
type Place = { customerId: string; contactId: string; clientId: string };

let account: TestApp;
let mine: string;
let foreign: Place;
beforeAll(async () => {
  account = await startTestApp();
  mine = await account.newPartner('Mine');
  const partnerId = await account.newPartner('Foreign');
  const customerId = await account.newCustomer(partnerId, 'Secret project');
  const staff = actors.staff();
  const contact = { email: 'c@example.com', name: 'C' };
  const url = `/v1/customers/${customerId}/contacts`;
  const { contactId } = (await account.as(staff, { method: 'POST', url, body: contact })).json();
  const client = { name: 'C', scopes: ['licenses:read'], partnerId };
  const { clientId } = (await account.as(staff, { method: 'POST', url: '/v1/api-clients', body: client })).json();
  foreign = { customerId, contactId, clientId };
});
afterAll(() => account.close());

const unknown = (): Place => ({ customerId: randomUUID(), contactId: randomUUID(), clientId: randomUUID() });

/** Every operation that names something of a partner. */
const OPERATIONS: [Method, (place: Place) => string, object | undefined][] = [
  ['GET', ({ customerId }) => `/v1/customers/${customerId}`, undefined],
  ['PATCH', ({ customerId }) => `/v1/customers/${customerId}`, { name: 'Taken over' }],
  ['GET', ({ customerId }) => `/v1/customers/${customerId}/contacts`, undefined],
  ['POST', ({ customerId }) => `/v1/customers/${customerId}/contacts`, { email: 'm@example.com', name: 'M' }],
  ['DELETE', ({ customerId, contactId }) => `/v1/customers/${customerId}/contacts/${contactId}`, undefined],
  ['POST', ({ clientId }) => `/v1/api-clients/${clientId}/rotate`, undefined],
  ['POST', ({ clientId }) => `/v1/api-clients/${clientId}/revoke`, undefined],
];

test.each(OPERATIONS.map((o) => [o[0], o[1]({ customerId: '{c}', contactId: '{k}', clientId: '{a}' }), o] as const))(
  '%s %s answers a foreign id as an unknown one, to the byte',
  async (_method, _url, [method, url, body]) => {
    const actor = actors.partnerUser(mine, 'admin');
    const ask = (place: Place) =>
      account.as(actor, { method, url: url(place), ...(body && { body }), headers: { 'if-match': '"1"' } });
    const [ofForeign, ofUnknown] = [await ask(foreign), await ask(unknown())];
    expect(ofForeign.statusCode).toBe(404);
    expect(withoutInstance(ofForeign)).toEqual(withoutInstance(ofUnknown));
    const headers = (response: typeof ofForeign) => Object.keys(response.headers).sort();
    expect(headers(ofForeign)).toEqual(headers(ofUnknown));
  },
);

test('lists and searches hold nothing of another partner', async () => {
  const actor = actors.partnerUser(mine, 'admin');
  for (const url of ['/v1/customers', '/v1/customers?name=Secret', '/v1/api-clients']) {
    expect((await account.as(actor, { method: 'GET', url })).json()).toEqual({ items: [], nextCursor: null });
  }
});

test('a cursor of another partner’s list shows nothing of it', async () => {
  const cursor = Buffer.from('00000000-0000-7000-8000-000000000000').toString('base64url');
  const response = await account.as(actors.partnerUser(mine), { method: 'GET', url: `/v1/customers?cursor=${cursor}` });
  expect(response.json().items).toEqual([]);
});

test('a customer or a CMS session cannot read accounts at all, even with a token that has the scope', async () => {
  const scopes = ['customers:read', 'customers:write', 'api-clients:read', 'partners:read'] as const;
  const ofCustomer: Actor = { ...actors.customer({ customerIds: [foreign.customerId] }), scopes };
  const ofController = { partnerId: mine, customerId: foreign.customerId, installCode: '0302E1C2A8F40011' };
  const ofCms: Actor = { ...actors.cms(ofController), scopes };
  for (const actor of [ofCustomer, ofCms]) {
    const url = `/v1/customers/${foreign.customerId}`;
    expectProblem(await account.as(actor, { method: 'GET', url }), 404, 'customer_not_found');
    for (const list of ['/v1/customers', '/v1/api-clients', '/v1/partners']) {
      expect((await account.as(actor, { method: 'GET', url: list })).json().items).toEqual([]);
    }
    const create = { method: 'POST', url: '/v1/customers', body: { name: 'X' } } as const;
    expectProblem(await account.as(actor, create), 404, 'partner_not_found');
  }
});

test('a partner sees its own partner only, if it is ever given the scope to see partners', async () => {
  const actor: Actor = { ...actors.partnerUser(mine), scopes: ['partners:read'] };
  const { items } = (await account.as(actor, { method: 'GET', url: '/v1/partners' })).json();
  expect(items.map((p: { partnerId: string }) => p.partnerId)).toEqual([mine]);
});

test('roles: a viewer reads and changes nothing, a member changes customers, without a token nothing is allowed', async () => {
  const customerId = await account.newCustomer(mine, 'Roles');
  const change = { method: 'POST', url: '/v1/customers', body: { name: 'By viewer' } } as const;
  const read = { method: 'GET', url: `/v1/customers/${customerId}` } as const;
  const viewer = actors.partnerUser(mine, 'viewer');
  expect((await account.as(viewer, read)).statusCode).toBe(200);
  expectProblem(await account.as(viewer, change), 403, 'scope_missing');
  expect((await account.as(actors.partnerUser(mine, 'member'), change)).statusCode).toBe(201);
  expectProblem(await account.call(read), 401, 'unauthenticated');
  expectProblem(await account.call(change), 401, 'unauthenticated');
  const forged = { ...read, headers: { authorization: 'Bearer a.b.c' } };
  expectProblem(await account.call(forged), 401, 'unauthenticated');
});

test('another partner’s same idempotency key is another key', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const request = { method: 'POST', url: '/v1/customers', body: { name: 'Same key' }, headers } as const;
  const other = await account.newPartner('Other');
  const answers = [
    await account.as(actors.partnerUser(mine), request),
    await account.as(actors.partnerUser(other), request),
  ];
  expect(answers.map((a) => [a.statusCode, a.json().partnerId])).toEqual([
    [201, mine],
    [201, other],
  ]);
});
