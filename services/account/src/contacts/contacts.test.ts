import { randomUUID } from 'node:crypto';
import type { Actor } from '@smartserver/contracts';
import { actors, expectProblem, outboxEvents } from '@smartserver/testing';
import { startTestApp, type TestApp } from '../../test/harness.ts';

let account: TestApp;
let partnerId: string;
let member: Actor;
beforeAll(async () => {
  account = await startTestApp();
  partnerId = await account.newPartner();
  member = actors.partnerUser(partnerId, 'member');
});
afterAll(() => account.close());

const add = (customerId: string, body: object, headers = {}) =>
  account.as(member, {
    method: 'POST',
    url: `/v1/customers/${customerId}/contacts`,
    body,
    headers,
  });
const remove = (customerId: string, contactId: string) =>
  account.as(member, {
    method: 'DELETE',
    url: `/v1/customers/${customerId}/contacts/${contactId}`,
  });
const list = (customerId: string, query = '') =>
  account.as(actors.partnerUser(partnerId, 'viewer'), {
    method: 'GET',
    url: `/v1/customers/${customerId}/contacts${query}`,
  });
const publishedOf = async (customerId: string) =>
  (await outboxEvents(account.database)).flatMap((e) =>
    e.type === 'customer.changed.1' && e.data.customerId === customerId
      ? [{ version: e.data.version, contacts: e.data.contacts.map((c) => c.email) }]
      : [],
  );

test('every change of the contacts is published as a new version of the customer with all its contacts', async () => {
  const customerId = await account.newCustomer(partnerId, 'Published');
  const first = await add(customerId, { email: 'a@example.com', name: ' Ann ' });
  expect(first.statusCode).toBe(201);
  expect(first.json()).toEqual({
    contactId: expect.any(String),
    email: 'a@example.com',
    name: 'Ann',
    language: 'en',
    createdAt: '2026-03-01T12:00:00.000Z',
  });
  await add(customerId, { email: 'b@example.com', name: 'Bob', language: 'de' });
  expect((await remove(customerId, first.json().contactId)).statusCode).toBe(204);
  expect(await publishedOf(customerId)).toEqual([
    { version: 1, contacts: [] },
    { version: 2, contacts: ['a@example.com'] },
    { version: 3, contacts: ['a@example.com', 'b@example.com'] },
    { version: 4, contacts: ['b@example.com'] },
  ]);
  const customer = await account.as(actors.staff(), { method: 'GET', url: `/v1/customers/${customerId}` });
  expect(customer.headers.etag).toBe('"4"');
});

test('contacts added at the same time are published one after the other, none is missing in the last event', async () => {
  const customerId = await account.newCustomer(partnerId, 'Crowd');
  const emails = Array.from({ length: 10 }, (_, n) => `crowd${n}@example.com`);
  await Promise.all(emails.map((email) => add(customerId, { email, name: 'Crowd' })));
  const published = await publishedOf(customerId);
  expect(published.map((t) => t.version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const newest = published.find((t) => t.version === 11);
  expect([...(newest?.contacts ?? [])].sort()).toEqual([...emails].sort());
});

test('an address is a contact of a customer once, whatever its case; a repeated request adds one', async () => {
  const customerId = await account.newCustomer(partnerId, 'Once');
  await add(customerId, { email: 'Same@Example.com', name: 'Same' });
  expectProblem(await add(customerId, { email: 'same@example.COM', name: 'Same' }), 409, 'contact_exists');
  const headers = { 'idempotency-key': randomUUID() };
  const body = { email: 'repeat@example.com', name: 'Repeat' };
  const answers = [await add(customerId, body, headers), await add(customerId, body, headers)];
  expect(answers[1]?.body).toBe(answers[0]?.body);
  expect((await list(customerId)).json().items).toHaveLength(2);
});

test('a customer has at most 50 contacts', async () => {
  const customerId = await account.newCustomer(partnerId, 'Full');
  for (let n = 0; n < 50; n += 1) {
    expect((await add(customerId, { email: `c${n}@example.com`, name: 'C' })).statusCode).toBe(201);
  }
  expectProblem(await add(customerId, { email: 'one@more.example', name: 'C' }), 409, 'contact_limit_reached');
  const page = (await list(customerId, '?limit=30')).json();
  const rest = (await list(customerId, `?limit=30&cursor=${page.nextCursor}`)).json();
  expect([page.items.length, rest.items.length, rest.nextCursor]).toEqual([30, 20, null]);
});

test('a contact that does not exist, or belongs to another customer, is not found', async () => {
  const customerId = await account.newCustomer(partnerId, 'One');
  const other = await account.newCustomer(partnerId, 'Two');
  const { contactId } = (await add(other, { email: 'x@example.com', name: 'X' })).json();
  expectProblem(await remove(customerId, contactId), 404, 'contact_not_found');
  expectProblem(await remove(customerId, randomUUID()), 404, 'contact_not_found');
  expectProblem(await remove(randomUUID(), contactId), 404, 'customer_not_found');
});

test.each([
  ['an address that is none', { email: 'not an address', name: 'X' }, '/email'],
  ['a language we do not write', { email: 'x@example.com', name: 'X', language: 'tlh' }, '/language'],
  ['a name of blanks', { email: 'x@example.com', name: ' ' }, '/name'],
])('%s is refused by a problem that names the field', async (_, body, pointer) => {
  const customerId = await account.newCustomer(partnerId, `Bad ${pointer}`);
  const problem = expectProblem(await add(customerId, body), 400, 'validation_failed');
  expect(problem.errors?.[0]?.pointer).toBe(pointer);
});
