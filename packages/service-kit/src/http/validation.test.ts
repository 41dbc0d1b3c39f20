import type { Problem } from '@smartserver/contracts';
import type { InjectOptions } from 'fastify';
import { type Sample, startSample, THING_ID } from '../../test/sample/app.ts';

let sample: Sample;
let received: unknown;

beforeAll(async () => {
  sample = await startSample({
    create: async (_request, body) => {
      received = body;
      return {
        thingId: THING_ID,
        name: body.name,
        count: body.count,
        owner: null,
        kind: null,
        parent: null,
        at: null,
      };
    },
    list: async (_request, query) => {
      received = query;
      return { items: [], nextCursor: null };
    },
    get: async (_request, thingId) => {
      received = thingId;
      return { thingId, name: 'x', count: 1, owner: null, kind: null, parent: null, at: null };
    },
    open: async (_request, body) => {
      received = body;
    },
  });
});

afterAll(() => sample.app.close());

beforeEach(() => {
  received = undefined;
});

const send = (options: InjectOptions) =>
  sample.app.inject({ ...options, headers: { ...sample.bearer(), ...options.headers } });

const create = (body: object | string, headers: Record<string, string> = {}) =>
  send({
    method: 'POST',
    url: '/v1/things',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });

const valid = { name: 'Pump', count: 3 };

const expectItem = (response: Awaited<ReturnType<typeof create>>, pointer: string, code: string) => {
  expect(response.statusCode).toBe(400);
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem = response.json<Problem>();
  expect(problem.code).toBe('validation_failed');
  expect(problem.errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer, code })]));
  expect(received).toBeUndefined();
};

describe('the input of an operation', () => {
  test('reaches the route as it was sent', async () => {
    const response = await create(valid);
    expect(response.statusCode).toBe(201);
    expect(received).toEqual(valid);
  });

  test.each<[string, object, string, string]>([
    ['a string where a number belongs', { ...valid, count: '3' }, '/count', 'wrong_type'],
    ['a number where a string belongs', { ...valid, name: 3 }, '/name', 'wrong_type'],
    ['a fraction where an integer belongs', { ...valid, count: 1.5 }, '/count', 'wrong_type'],
    ['a text where true or false belongs', { ...valid, flag: 'true' }, '/flag', 'wrong_type'],
    ['a value where a list belongs', { ...valid, parts: THING_ID }, '/parts', 'wrong_type'],
    ['null where a value belongs', { ...valid, name: null }, '/name', 'wrong_type'],
    ['too small a number', { ...valid, count: 0 }, '/count', 'too_small'],
    ['too large a number', { ...valid, count: 1_000_001 }, '/count', 'too_large'],
    ['too short a text', { ...valid, name: '' }, '/name', 'too_short'],
    ['too long a text', { ...valid, name: 'x'.repeat(21) }, '/name', 'too_long'],
    ['a missing field', { count: 3 }, '/name', 'required'],
    ['a field that is not known', { ...valid, colour: 'red' }, '/colour', 'unknown_field'],
    [
      'an unknown field deep inside',
      { ...valid, lines: [{ kind: 'core', count: 1, x: 1 }] },
      '/lines/0/x',
      'unknown_field',
    ],
    ['a missing field deep inside', { ...valid, lines: [{ kind: 'core' }] }, '/lines/0/count', 'required'],
    ['a choice that does not exist', { ...valid, kind: 'gold' }, '/kind', 'not_allowed'],
    ['a text that is no UUID', { ...valid, owner: 'x' }, '/owner', 'wrong_format'],
    ['a UUID as a URN', { ...valid, owner: `urn:uuid:${THING_ID}` }, '/owner', 'wrong_format'],
    ['a day that does not exist', { ...valid, at: '2026-02-30T00:00:00Z' }, '/at', 'wrong_format'],
    ['a leap second', { ...valid, at: '2016-12-31T23:59:60Z' }, '/at', 'wrong_format'],
    ['the same item twice', { ...valid, parts: [THING_ID, THING_ID] }, '/parts', 'not_unique'],
    ['the same UUID in two spellings', { ...valid, parts: [THING_ID, THING_ID.toUpperCase()] }, '/parts', 'not_unique'],
    ['too few items', { ...valid, parts: [] }, '/parts', 'too_few'],
    ['too many items', { ...valid, lines: Array(3).fill({ kind: 'core', count: 1 }) }, '/lines', 'too_many'],
    ['NUL in a text', { ...valid, name: 'a\u0000b' }, '/name', 'wrong_format'],
    ['half a surrogate pair', { ...valid, name: 'a\ud800b' }, '/name', 'wrong_format'],
    ['NUL in the name of a field', { ...valid, 'a\u0000': 1 }, '', 'wrong_format'],
    ['a list for a body', [valid], '', 'wrong_type'],
  ])('is refused, naming the field: %s', async (_what, body, pointer, code) => {
    expectItem(await create(body), pointer, code);
  });

  test('is refused when the body is missing', async () => {
    expectItem(await send({ method: 'POST', url: '/v1/things' }), '', 'wrong_type');
  });

  test('may hold text that merely looks like an escape, and whole surrogate pairs', async () => {
    const name = 'a\\u0000 \u{1f600}';
    expect((await create(JSON.stringify({ ...valid, name }).replace('\u{1f600}', '\\ud83d\\ude00'))).statusCode).toBe(
      201,
    );
    expect(received).toEqual({ ...valid, name });
  });

  test('has its UUIDs in lower case, as the database answers them', async () => {
    await create({ ...valid, owner: THING_ID.toUpperCase(), parts: [THING_ID.toUpperCase()] });
    expect(received).toEqual({ ...valid, owner: THING_ID, parts: [THING_ID] });
    await send({ method: 'GET', url: `/v1/things/${THING_ID.toUpperCase()}` });
    expect(received).toBe(THING_ID);
  });

  test('never comes back in an error', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    for (const body of [
      { ...valid, name: secret },
      { ...valid, count: secret },
      { ...valid, owner: secret },
      { ...valid, kind: secret },
      { ...valid, name: `${secret}\u0000` },
      `{"name":"${secret}`,
    ]) {
      const response = await create(body);
      expect(response.statusCode).toBe(400);
      expect(response.body).not.toContain('hunter2');
    }
    const byUrl = await send({ method: 'GET', url: `/v1/things/${secret}?limit=${secret}` });
    expect(byUrl.statusCode).toBe(400);
    expect(byUrl.body).not.toContain('hunter2');
    expect(JSON.stringify(sample.lines)).not.toContain('hunter2');
  });

  test.each([
    ['broken JSON', '{"name":'],
    ['nothing, though JSON is announced', ''],
    ['a prototype in disguise', '{"name":"x","count":1,"__proto__":{"admin":true}}'],
    ['a constructor in disguise', '{"name":"x","count":1,"constructor":{"prototype":{"admin":true}}}'],
  ])('is malformed: %s', async (_what, text) => {
    const response = await create(text);
    expect(response.statusCode).toBe(400);
    expect(response.json<Problem>().code).toBe('malformed_request');
  });

  test('is refused when it is too large', async () => {
    const response = await create({ ...valid, name: 'x'.repeat(300_000) });
    expect(response.statusCode).toBe(413);
    expect(response.json<Problem>().code).toBe('payload_too_large');
  });

  test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'is refused as %p instead of JSON',
    async (type) => {
      const response = await create('name=Pump&count=3', { 'content-type': type });
      expect(response.statusCode).toBe(415);
      expect(response.json<Problem>().code).toBe('unsupported_media_type');
      expect(received).toBeUndefined();
    },
  );

  test.each(['application/json; charset=utf-8', 'Application/JSON'])('is taken as %p', async (type) => {
    expect((await create(valid, { 'content-type': type })).statusCode).toBe(201);
  });

  test('is a form where the operation says so, and strict there too', async () => {
    const form = (payload: string, type = 'application/x-www-form-urlencoded') =>
      sample.app.inject({ method: 'POST', url: '/v1/open/form', headers: { 'content-type': type }, payload });
    expect((await form('grant_type=client_credentials')).statusCode).toBe(204);
    expect(received).toEqual({ grant_type: 'client_credentials' });
    received = undefined;
    expectItem(await form('grant_type=password'), '/grant_type', 'not_allowed');
    expectItem(await form('grant_type=client_credentials&scope=a%00b'), '/scope', 'wrong_format');
    expectItem(await form('grant_type=client_credentials&x=1'), '/x', 'unknown_field');
    expect((await form('{"grant_type":"client_credentials"}', 'application/json')).statusCode).toBe(415);
  });

  test('needs no body where the operation has none', async () => {
    expect((await sample.app.inject({ method: 'POST', url: '/v1/open/ping' })).statusCode).toBe(204);
  });

  test('may be absent in a request that names a content type, where the operation has no body', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '0' };
    expect((await sample.app.inject({ method: 'POST', url: '/v1/open/ping', headers })).statusCode).toBe(204);
  });

  test('may be nested as deeply as the body limit lets it, and is refused all the same', async () => {
    const deep = (inner: string) => `{"name":${'['.repeat(100_000)}${inner}${']'.repeat(100_000)},"count":1}`;
    expectItem(await create(deep('1')), '/name', 'wrong_type');
    expect((await create(deep('"\\u0000"'))).statusCode).toBe(400);
  });

  test('of a query is text turned into the contract’s types', async () => {
    await send({ method: 'GET', url: '/v1/things?limit=5&kind=big' });
    expect(received).toEqual({ limit: 5, kind: 'big' });
  });

  test.each([
    ['limit=0', 'query/limit', 'too_small'],
    ['limit=201', 'query/limit', 'too_large'],
    ['limit=many', 'query/limit', 'wrong_type'],
    ['limit=Infinity', 'query/limit', 'wrong_type'],
    ['limit=1e400', 'query/limit', 'wrong_type'],
    ['limit=', 'query/limit', 'wrong_type'],
    ['limit=1&limit=2', 'query/limit', 'wrong_type'],
    ['cursor=%2B', 'query/cursor', 'wrong_format'],
    ['owner=x', 'query/owner', 'wrong_format'],
    ['kind=medium', 'query/kind', 'not_allowed'],
    ['kind=%00', 'query/kind', 'wrong_format'],
    ['lmit=5', 'query/lmit', 'unknown_field'],
  ])('of a query is refused, naming the parameter: %s', async (query, pointer, code) => {
    expectItem(await send({ method: 'GET', url: `/v1/things?${query}` }), pointer, code);
  });

  test('of a path is refused, naming the parameter', async () => {
    expectItem(await send({ method: 'GET', url: '/v1/things/x' }), 'path/thingId', 'wrong_format');
    expectItem(await send({ method: 'GET', url: '/v1/things/a%00' }), 'path/thingId', 'wrong_format');
  });

  test('of a header is refused, naming the header as the contract does', async () => {
    expectItem(await create(valid, { 'idempotency-key': 'ä' }), 'header/Idempotency-Key', 'wrong_format');
    expectItem(await create(valid, { 'idempotency-key': 'k'.repeat(101) }), 'header/Idempotency-Key', 'wrong_format');
  });

  test('of an address that cannot be read is malformed', async () => {
    const response = await send({ method: 'GET', url: '/v1/things/%zz' });
    expect(response.statusCode).toBe(400);
    expect(response.json<Problem>().code).toBe('malformed_request');
    expect(response.headers['x-request-id']).toBe(response.json<Problem>().instance);
  });
});
