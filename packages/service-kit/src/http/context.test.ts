import { actorWith, idle, type Sample, startSample, thing } from '../../test/sample/app.ts';
import type { ThingService } from '../../test/sample/things.route.ts';
import { anonymousContextOf, contextOf, type RequestContext } from './context.ts';

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

  test('names the actor', async () => {
    const [context] = await contexts([{}]);
    expect(context).toMatchObject({ actor: actorWith(), idempotency: null });
  });

  test('distinguishes the same request under a key from another one', async () => {
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

  test('separates the same key of two callers', async () => {
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
