import { randomUUID } from 'node:crypto';
import { actors, expectProblem, outboxEvents, withoutRequestId } from '@smartserver/testing';
import { startTestApp, type TestApp } from '../../test/harness.ts';
import { customerNameKey } from '../model/customer.ts';

let account: TestApp;
beforeAll(async () => {
  account = await startTestApp();
});
afterAll(() => account.close());

const create = (partnerId: string, name: string, headers = {}) =>
  account.as(actors.partnerUser(partnerId, 'member'), {
    method: 'POST',
    url: '/v1/customers',
    body: { name },
    headers,
  });

const rename = (partnerId: string, customerId: string, name: string, etag: string | undefined) =>
  account.as(actors.partnerUser(partnerId, 'member'), {
    method: 'PATCH',
    url: `/v1/customers/${customerId}`,
    body: { name },
    headers: etag === undefined ? {} : { 'if-match': etag },
  });

const list = async (partnerId: string, query = '') => {
  const response = await account.as(actors.partnerUser(partnerId, 'viewer'), {
    method: 'GET',
    url: `/v1/customers${query}`,
  });
  expect(response.statusCode).toBe(200);
  return response.json();
};

test('a partner creates a customer and gets its Customer ID, and one event publishes its full state', async () => {
  const partnerId = await account.newPartner();
  const response = await create(partnerId, '  P2022-0208 ');
  expect(response.statusCode).toBe(201);
  expect(response.headers.etag).toBe('"1"');
  const customer = response.json();
  expect(customer).toEqual({
    customerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    partnerId,
    name: 'P2022-0208',
    createdAt: '2026-03-01T12:00:00.000Z',
    version: 1,
  });
  const events = (await outboxEvents(account.database)).filter((e) => e.type === 'customer.changed.1');
  expect(events.filter((e) => e.data.customerId === customer.customerId).map((e) => e.data)).toEqual([
    { customerId: customer.customerId, partnerId, name: 'P2022-0208', contacts: [], version: 1 },
  ]);
});

test('a customer name is taken within its partner whatever its case and surrounding space, and free for another partner', async () => {
  const partnerId = await account.newPartner();
  const other = await account.newPartner('Another');
  await create(partnerId, 'P-Building 1');
  expectProblem(await create(partnerId, ' p-BUILDING 1  '), 409, 'customer_name_taken');
  expect((await create(other, 'P-Building 1')).statusCode).toBe(201);
});

test('of twenty customers created with one name at the same time, one is', async () => {
  const partnerId = await account.newPartner();
  const names = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'Race' : 'RACE'));
  const responses = await Promise.all(names.map((name) => create(partnerId, name)));
  expect(responses.filter((r) => r.statusCode === 201)).toHaveLength(1);
  expect(responses.filter((r) => r.statusCode === 409)).toHaveLength(19);
  expect((await list(partnerId)).items).toHaveLength(1);
});

test('a repeated request with the same idempotency key, also at the same time, makes one customer and gets one answer', async () => {
  const partnerId = await account.newPartner();
  const actor = actors.partnerUser(partnerId);
  const request = { method: 'POST', url: '/v1/customers', body: { name: 'Once' } } as const;
  const headers = { 'idempotency-key': randomUUID() };
  const responses = await Promise.all(Array.from({ length: 10 }, () => account.as(actor, { ...request, headers })));
  expect(new Set(responses.map((r) => `${r.statusCode} ${r.body}`)).size).toBe(1);
  expect((await list(partnerId)).items).toHaveLength(1);
  const altered = await account.as(actor, { ...request, body: { name: 'Twice' }, headers });
  expectProblem(altered, 422, 'idempotency_key_reused');
});

test('staff creates a customer for the partner it names, and must name one that exists', async () => {
  const partnerId = await account.newPartner();
  const request = (body: object) => account.as(actors.staff(), { method: 'POST', url: '/v1/customers', body });
  const created = await request({ name: 'By staff', partnerId: partnerId.toUpperCase() });
  expect([created.statusCode, created.json().partnerId]).toEqual([201, partnerId]);
  const problem = expectProblem(await request({ name: 'Nobody’s' }), 400, 'validation_failed');
  expect(problem.errors?.map((e) => e.pointer)).toEqual(['/partnerId']);
  expectProblem(await request({ name: 'Nobody’s', partnerId: randomUUID() }), 404, 'partner_not_found');
});

test('a partner cannot create a customer for another partner, and does not learn whether that one exists', async () => {
  const mine = await account.newPartner();
  const request = (partnerId: string) =>
    account.as(actors.partnerUser(mine), {
      method: 'POST',
      url: '/v1/customers',
      body: { name: 'Foreign', partnerId },
    });
  expectProblem(await request(await account.newPartner('Other')), 404, 'partner_not_found');
  expectProblem(await request(randomUUID()), 404, 'partner_not_found');
});

test('a rename needs the ETag of the newest version and publishes a new version', async () => {
  const partnerId = await account.newPartner();
  const { customerId } = (await create(partnerId, 'Before')).json();
  expectProblem(await rename(partnerId, customerId, 'After', undefined), 428, 'precondition_required');
  expectProblem(await rename(partnerId, customerId, 'After', '"2"'), 412, 'precondition_failed');
  const response = await rename(partnerId, customerId, 'After', '"1"');
  expect([response.statusCode, response.headers.etag, response.json().name]).toEqual([200, '"2"', 'After']);
  expectProblem(await rename(partnerId, customerId, 'Again', '"1"'), 412, 'precondition_failed');
  const published = (await outboxEvents(account.database)).flatMap((e) =>
    e.type === 'customer.changed.1' && e.data.customerId === customerId ? [[e.data.version, e.data.name]] : [],
  );
  expect(published).toEqual([
    [1, 'Before'],
    [2, 'After'],
  ]);
});

test('a rename may change the case of its own name, and cannot take the name of another customer', async () => {
  const partnerId = await account.newPartner();
  await create(partnerId, 'Taken');
  const { customerId } = (await create(partnerId, 'Mine')).json();
  expect((await rename(partnerId, customerId, 'MINE', '"1"')).statusCode).toBe(200);
  expectProblem(await rename(partnerId, customerId, 'taken', '"2"'), 409, 'customer_name_taken');
});

test('of ten renames made on one version at the same time, one succeeds', async () => {
  const partnerId = await account.newPartner();
  const { customerId } = (await create(partnerId, 'Contended')).json();
  const names = Array.from({ length: 10 }, (_, n) => `Name ${n}`);
  const responses = await Promise.all(names.map((name) => rename(partnerId, customerId, name, '"1"')));
  expect(responses.filter((r) => r.statusCode === 200)).toHaveLength(1);
  expect(responses.filter((r) => r.statusCode === 412)).toHaveLength(9);
});

test('of customers renamed to one name at the same time, one gets it', async () => {
  const partnerId = await account.newPartner();
  const ids: string[] = [];
  for (let n = 0; n < 8; n += 1) ids.push((await create(partnerId, `Old ${n}`)).json().customerId);
  const responses = await Promise.all(ids.map((id) => rename(partnerId, id, 'New', '"1"')));
  expect(responses.filter((r) => r.statusCode === 200)).toHaveLength(1);
  expect(responses.filter((r) => r.statusCode === 409)).toHaveLength(7);
});

test('the list holds the partner’s own customers, in pages that do not change while customers are added', async () => {
  const partnerId = await account.newPartner();
  for (const name of ['A', 'B', 'C']) await create(partnerId, name);
  const first = await list(partnerId, '?limit=2');
  expect(first.items.map((c: { name: string }) => c.name)).toEqual(['A', 'B']);
  await create(partnerId, 'D');
  const second = await list(partnerId, `?limit=2&cursor=${first.nextCursor}`);
  expect(second.items.map((c: { name: string }) => c.name)).toEqual(['C', 'D']);
  expect(second.nextCursor).toBeNull();
});

test('a search finds part of a name in any case, and takes wildcards as they are', async () => {
  const partnerId = await account.newPartner();
  for (const name of ['P2022-0208', 'p2022-0300', '100% done', 'under_score']) await create(partnerId, name);
  const names = async (part: string) =>
    (await list(partnerId, `?name=${encodeURIComponent(part)}`)).items.map((c: { name: string }) => c.name);
  expect(await names('P2022')).toEqual(['P2022-0208', 'p2022-0300']);
  expect(await names('%')).toEqual(['100% done']);
  expect(await names('_')).toEqual(['under_score']);
  expect(await names('\\')).toEqual([]);
});

test('staff lists and reads the customers of every partner', async () => {
  const customers = [
    await account.newCustomer(await account.newPartner()),
    await account.newCustomer(await account.newPartner()),
  ];
  for (const customerId of customers) {
    const response = await account.as(actors.staff(), { method: 'GET', url: `/v1/customers/${customerId}` });
    expect(response.statusCode).toBe(200);
  }
  const all = await account.as(actors.staff(), { method: 'GET', url: '/v1/customers?limit=200' });
  const ids = all.json().items.map((c: { customerId: string }) => c.customerId);
  expect(ids).toEqual(expect.arrayContaining(customers));
});

test.each([
  ['no name', {}, ''],
  ['an empty name', { name: '' }, '/name'],
  ['a name of blanks', { name: '   ' }, '/name'],
  ['a name of 101 characters', { name: 'x'.repeat(101) }, '/name'],
  ['a number as name', { name: 4711 }, '/name'],
  ['a field too many', { name: 'x', color: 'red' }, '/color'],
  ['a partner id that is none', { name: 'x', partnerId: 'secret-value' }, '/partnerId'],
])('%s is refused by a problem that names the field and echoes no value', async (_, body, pointer) => {
  const partnerId = await account.newPartner();
  const response = await account.as(actors.partnerUser(partnerId), { method: 'POST', url: '/v1/customers', body });
  const problem = expectProblem(response, 400, 'validation_failed');
  expect(problem.errors?.[0]?.pointer).toContain(pointer);
  expect(withoutRequestId(response.body)).not.toMatch(/secret-value|4711|xxxx/);
});

test('case, surrounding space and the composition of characters do not distinguish customer names', () => {
  expect(customerNameKey('  P-Geb\u00e4ude 1 ')).toBe(customerNameKey('p-gebA\u0308ude 1'));
  expect(customerNameKey('P-Building 1')).not.toBe(customerNameKey('P-Building  1'));
});
