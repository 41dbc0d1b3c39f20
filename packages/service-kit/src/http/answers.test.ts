import { idle, type Sample, startSample, THING_ID, thing } from '../../test/sample/app.ts';
import type { ThingService } from '../../test/sample/things.route.ts';
import { requireIfMatch, setEtag, setHeader, setStatus } from './answers.ts';

let sample: Sample;

beforeAll(async () => {
  sample = await startSample();
});

/** What the routes' methods do in this test. */
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

  test('may not be stored, framed or sniffed', async () => {
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
