import type { Problem } from '@smartserver/contracts';
import { requireIfMatch, setEtag, setHeader, setStatus } from '../src/http/answers.ts';
import { anonymousContextOf, contextOf, type RequestContext } from '../src/http/context.ts';
import { problem } from '../src/http/problems.ts';
import { actorWith, idle, type Sample, startSample, THING_ID, thing } from './sample/app.ts';
import type { ThingService } from './sample/things.controller.ts';

let sample: Sample;

beforeAll(async () => {
  sample = await startSample();
});

/** What the controllers' methods do in this test. */
const act = (things: Partial<ThingService>) => Object.assign(sample.things, things);

beforeEach(() => {
  act(idle);
  sample.lines.length = 0;
});

afterAll(() => sample.app.close());

const url = `/v1/things/${THING_ID}`;

describe('an answer', () => {
  test('has the status of its own request, whatever others set at the same time', async () => {
    const gates = new Map<string, () => void>();
    act({
      create: async (request, { name }) => {
        if (name.startsWith('later')) setStatus(request, 202);
        await new Promise<void>((resolve) => gates.set(name, resolve));
        setHeader(request, 'x-name', name);
        return thing(name);
      },
    });
    const names = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? `now-${i}` : `later-${i}`));
    const pending = names.map((name) =>
      sample.app.inject({ method: 'POST', url: '/v1/things', headers: sample.bearer(), payload: { name, count: 1 } }),
    );
    while (gates.size < names.length) await new Promise((resolve) => setImmediate(resolve));
    for (const name of [...names].reverse()) gates.get(name)?.();
    for (const [at, response] of (await Promise.all(pending)).entries()) {
      expect(response.statusCode).toBe(names[at]?.startsWith('later') ? 202 : 201);
      expect(response.headers['x-name']).toBe(names[at]);
      expect(response.json()).toMatchObject({ name: names[at] });
    }
  });

  test('holds the fields of the contract only, and null where the contract says so', async () => {
    act({ get: async () => ({ ...thing(), passwordHash: 'x' }) });
    const response = await sample.app.inject({ url, headers: sample.bearer() });
    expect(response.json()).toEqual(thing());
    expect(response.headers['content-type']).toContain('application/json');
  });

  test('without content is empty', async () => {
    const response = await sample.app.inject({ method: 'DELETE', url, headers: sample.bearer() });
    expect([response.statusCode, response.body]).toEqual([204, '']);
  });

  test('to HEAD is that to GET without its content', async () => {
    const response = await sample.app.inject({ method: 'HEAD', url, headers: sample.bearer() });
    expect([response.statusCode, response.body]).toEqual([200, '']);
    expect((await sample.app.inject({ method: 'HEAD', url })).statusCode).toBe(401);
  });

  test('carries request id and trace context: the caller’s where they are fit, new ones else', async () => {
    const get = (headers: Record<string, string>) =>
      sample.app.inject({ url, headers: { ...sample.bearer(), ...headers } });
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const kept = await get({ 'x-request-id': 'request-0001', traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(kept.headers['x-request-id']).toBe('request-0001');
    expect(kept.headers.traceparent).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    const made = await get({ 'x-request-id': 'a b\tc<script>', traceparent: 'ff-0-0-0' });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(made.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    const again = await get({});
    expect(again.headers['x-request-id']).not.toBe(made.headers['x-request-id']);
  });

  test('is stored nowhere, framed nowhere and taken for nothing else', async () => {
    const { headers } = await sample.app.inject({ url, headers: sample.bearer() });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    });
    expect(headers['strict-transport-security']).toBeDefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

describe('an error', () => {
  const failing = async (error: unknown) => {
    act({ get: () => Promise.reject(error) });
    const response = await sample.app.inject({ url, headers: sample.bearer() });
    return { response, body: response.json<Problem>() };
  };

  test('of the catalogue is rendered as it says, its log text kept back', async () => {
    const items = [{ pointer: '/licenseIds/0', code: 'license_in_use', detail: 'is active' }];
    const { response, body } = await failing(
      problem('license_in_use', { errors: items, log: 'on controller 0302E1C2' }),
    );
    expect(response.statusCode).toBe(409);
    expect(body).toEqual({
      type: '/problems/license_in_use',
      title: 'The license is active on a controller',
      status: 409,
      detail: 'Transfer it back to the cloud from there first.',
      instance: response.headers['x-request-id'],
      code: 'license_in_use',
      errors: items,
    });
  });

  test('that nobody foresaw tells nothing, and is logged with the request id', async () => {
    const { response, body } = await failing(new Error('column "secret_thing" does not exist'));
    expect(response.statusCode).toBe(500);
    expect(body.code).toBe('internal');
    expect(response.body).not.toContain('secret_thing');
    const [line] = sample.lines;
    expect(line).toMatchObject({ requestId: body.instance, operationId: 'getThing', code: 'internal' });
    expect(JSON.stringify(line)).toContain('secret_thing');
  });

  test('that is no Error at all is internal, too', async () => {
    expect((await failing('thrown text')).body.code).toBe('internal');
    expect((await sample.app.inject({ url, headers: sample.bearer() })).body).not.toContain('thrown text');
  });

  const pgError = (code: string) => Object.assign(new Error('from the database'), { code });

  test.each([
    ['connection lost', pgError('08006')],
    ['disk full', pgError('53100')],
    ['too many connections', pgError('53300')],
    ['shut down', pgError('57P01')],
    ['statement cancelled by its time-out', pgError('57014')],
    ['read-only', pgError('25006')],
    ['lock not available', pgError('55P03')],
    ['deadlock', pgError('40P01')],
    ['refused connection', pgError('ECONNREFUSED')],
    ['every address refused', new AggregateError([pgError('ECONNREFUSED')], '')],
    ['pool exhausted', new Error('timeout exceeded when trying to connect')],
    ['connection terminated', new Error('Connection terminated unexpectedly')],
    ['said by the service itself', problem('unavailable', { log: 'from the service' })],
    ['the cause of another error', new Error('query failed', { cause: pgError('57P03') })],
  ])('of a database that cannot work now is 503 with Retry-After: %s', async (_what, error) => {
    const { response, body } = await failing(error);
    expect(response.statusCode).toBe(503);
    expect(body.code).toBe('unavailable');
    expect(response.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(response.body).not.toContain(error.message || 'from the database');
    expect(sample.lines[0]).toMatchObject({ level: 40, requestId: body.instance });
  });

  test.each(['23505', '42P01', '22P02'])('of a statement that is wrong (%s) stays internal', async (code) => {
    expect((await failing(pgError(code))).body.code).toBe('internal');
  });

  test('of the caller costs no line at info', async () => {
    await failing(problem('license_not_found'));
    expect(sample.lines).toEqual([]);
  });
});

describe('an address', () => {
  test('that does not exist is not found, whatever is sent to it', async () => {
    for (const payload of [undefined, '{"broken'] as const) {
      const response = await sample.app.inject({
        method: 'POST',
        url: '/v1/nothing',
        headers: { 'content-type': 'application/json' },
        ...(payload === undefined ? {} : { payload }),
      });
      expect(response.statusCode).toBe(404);
      expect(response.json<Problem>().code).toBe('not_found');
    }
  });

  test('that exists refuses other methods and names its own', async () => {
    const response = await sample.app.inject({ method: 'PUT', url, headers: { 'content-type': 'a/b' }, payload: 'x' });
    expect(response.statusCode).toBe(405);
    expect(response.json<Problem>().code).toBe('method_not_allowed');
    expect(response.headers.allow).toBe('GET, HEAD, PATCH, DELETE');
  });
});

describe('an edit', () => {
  const edit = (headers: Record<string, string>) =>
    sample.app.inject({ method: 'PATCH', url, headers: { ...sample.bearer(), ...headers }, payload: { note: 'x' } });

  beforeEach(async () => {
    act({
      edit: async (request) => {
        requireIfMatch(request, 3);
        setEtag(request, 4);
        return thing();
      },
    });
  });

  test('passes with the ETag of the version that is there, and gives the next', async () => {
    for (const match of ['"3"', '"1", "3"', '*']) {
      const response = await edit({ 'if-match': match });
      expect([response.statusCode, response.headers.etag]).toEqual([200, '"4"']);
    }
  });

  test('fails with another one, and without any', async () => {
    for (const match of ['"2"', '3', 'W/"3"']) expect((await edit({ 'if-match': match })).statusCode).toBe(412);
    expect((await edit({})).statusCode).toBe(428);
  });
});

describe('the context of a request', () => {
  const contexts = async (
    requests: { actor?: Parameters<Sample['bearer']>[0]; key?: string; payload?: object }[],
  ): Promise<RequestContext[]> => {
    const seen: RequestContext[] = [];
    act({
      create: async (request, body) => {
        seen.push(contextOf(request));
        return thing(body.name);
      },
    });
    for (const { actor, key, payload = { name: 'a', count: 1 } } of requests) {
      await sample.app.inject({
        method: 'POST',
        url: '/v1/things',
        headers: { ...sample.bearer(actor), ...(key === undefined ? {} : { 'idempotency-key': key }) },
        payload,
      });
    }
    return seen;
  };

  test('says who asks', async () => {
    const [context] = await contexts([{}]);
    expect(context).toMatchObject({ actor: actorWith(), idempotency: null });
  });

  test('tells the same request under a key from another one', async () => {
    const [first, same, reordered, other] = await contexts([
      { key: 'k' },
      { key: 'k' },
      { key: 'k', payload: { count: 1, name: 'a' } },
      { key: 'k', payload: { name: 'b', count: 1 } },
    ]);
    expect(first?.idempotency).toMatchObject({ key: 'k' });
    expect(same?.idempotency).toEqual(first?.idempotency);
    expect(reordered?.idempotency).toEqual(first?.idempotency);
    expect(other?.idempotency?.scope).toBe(first?.idempotency?.scope);
    expect(other?.idempotency?.fingerprint).not.toBe(first?.idempotency?.fingerprint);
  });

  test('keeps the same key of two callers apart', async () => {
    const [one, two] = await contexts([
      { key: 'k', actor: actorWith(undefined, 'user-1') },
      { key: 'k', actor: actorWith(undefined, 'user-2') },
    ]);
    expect(one?.idempotency?.scope).not.toBe(two?.idempotency?.scope);
  });

  test('of a public operation has no actor, even with a token', async () => {
    const seen: unknown[] = [];
    act({
      open: async (request) => {
        seen.push(anonymousContextOf(request).actor);
        expect(() => contextOf(request)).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
      },
    });
    for (const headers of [{}, sample.bearer(), { authorization: 'Bearer rubbish' }]) {
      const response = await sample.app.inject({ method: 'POST', url: '/v1/open/ping', headers });
      expect(response.statusCode).toBe(204);
    }
    expect(seen).toEqual([null, null, null]);
  });
});
