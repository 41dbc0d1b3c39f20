import { type ApiOptions, createApi } from './api.ts';
import { ApiProblem, ApiUnreachable, dataOf } from './problem.ts';

type Reply = Response | Error;

const NOW = Date.parse('2026-03-01T12:00:00Z');

const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ type: `/problems/${code}`, title: 'Title', status, detail: 'Detail.', code }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });

const ok = (body: object): Response =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });

/** An API that gives these replies one after the other; remembers what it was asked and how long the client waited. */
const given = (replies: Reply[], options: Partial<ApiOptions> = {}) => {
  const requests: Request[] = [];
  const pauses: number[] = [];
  const api = createApi({
    baseUrl: 'http://api.test',
    random: () => 0.5,
    now: () => NOW,
    sleep: async (milliseconds) => pauses.push(milliseconds),
    fetch: async (input) => {
      requests.push(input as Request);
      const reply = replies.shift();
      if (reply === undefined) throw new Error('no more replies');
      if (reply instanceof Error) throw reply;
      return reply;
    },
    ...options,
  });
  return { api, requests, pauses };
};

const transfer = { body: { customerId: 'c', licenseIds: ['l'] } };

test('an answer is its content, and parameters are in the address', async () => {
  const { api, requests } = given([ok({ licenseId: 'a' })], { token: 'first' });
  const { licenseId } = await dataOf(
    api.as('second').GET('/v1/licenses/{licenseId}', { params: { path: { licenseId: 'a b' } } }),
  );
  expect(licenseId).toBe('a');
  expect(requests[0]?.url).toBe('http://api.test/v1/licenses/a%20b');
  expect(requests[0]?.headers.get('authorization')).toBe('Bearer second');
});

test('a POST that is repeated keeps its Idempotency-Key and its body; another one has another key', async () => {
  const { api, requests } = given([new TypeError('cut'), problem(503, 'unavailable'), ok({}), ok({})]);
  await dataOf(api.POST('/v1/transfers', transfer));
  await dataOf(api.POST('/v1/transfers', transfer));
  const keys = requests.map((request) => request.headers.get('idempotency-key'));
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]]);
  expect(keys[3]).not.toBe(keys[0]);
  expect(await requests[2]?.json()).toEqual(transfer.body);
});

test('a key that the caller gives is kept', async () => {
  const { api, requests } = given([ok({})]);
  await dataOf(api.POST('/v1/transfers', { ...transfer, params: { header: { 'Idempotency-Key': 'mine' } } }));
  expect(requests[0]?.headers.get('idempotency-key')).toBe('mine');
});

test('pauses grow, with a random part, so that clients that failed together do not come back together', async () => {
  const away = () => new TypeError('connection refused');
  const pausesWith = async (random: number) => {
    const { api, pauses } = given([away(), away(), away(), ok({})], { random: () => random });
    await dataOf(api.GET('/v1/me'));
    return pauses;
  };
  expect(await pausesWith(0)).toEqual([100, 200, 400]);
  expect(await pausesWith(1)).toEqual([200, 400, 800]);
});

test.each([
  ['seconds', '7', 7_000],
  ['a date', 'Sun, 01 Mar 2026 12:00:10 GMT', 10_000],
  ['a date that is over', 'Sun, 01 Mar 2026 11:59:00 GMT', 100],
  ['seconds beyond all patience', '86400', 30_000],
])('Retry-After as %s is waited for, never less', async (_form, value, least) => {
  for (const random of [0, 0.5, 1]) {
    const { api, pauses } = given([problem(429, 'rate_limited', { 'retry-after': value }), ok({})], {
      random: () => random,
    });
    await dataOf(api.GET('/v1/me'));
    expect(pauses).toEqual([least * (1 + random / 2)]);
  }
});

test('what is no outage is not repeated, and is a problem with its code', async () => {
  const { api, requests } = given([problem(404, 'license_not_found', { 'x-request-id': 'r-1' })]);
  const asked = dataOf(api.GET('/v1/me'));
  await expect(asked).rejects.toMatchObject({
    name: 'ApiProblem',
    status: 404,
    code: 'license_not_found',
    detail: 'Detail.',
    requestId: 'r-1',
    retryAfterSeconds: null,
    message: 'Title. Detail.',
  });
  expect(requests).toHaveLength(1);
});

test('an error page of something in between is a problem without words of its own', async () => {
  const { api } = given([new Response('<h1>Bad gateway</h1>', { status: 502 })], { retries: 0 });
  const error = await dataOf(api.GET('/v1/me')).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiProblem);
  expect(error).toMatchObject({ status: 502, code: 'unavailable', problem: null, message: 'HTTP 502' });
});

test('after the last repeat the failure comes out', async () => {
  const { api, requests } = given([new TypeError('a'), new TypeError('b')], { retries: 1 });
  await expect(dataOf(api.GET('/v1/me'))).rejects.toBeInstanceOf(ApiUnreachable);
  expect(requests).toHaveLength(2);
});

test('an answer that is cut off is none: the request is sent again', async () => {
  const cut = () => {
    const body = new ReadableStream({
      pull: (stream) => stream.error(new TypeError('terminated')),
    });
    return new Response(body, { headers: { 'content-type': 'application/json' } });
  };
  const { api, requests } = given([cut(), ok({ licenseId: 'a' }), cut()], { retries: 1 });
  expect(await dataOf(api.GET('/v1/me'))).toEqual({ licenseId: 'a' });
  expect(requests).toHaveLength(2);
  await expect(dataOf(api.as('other').GET('/v1/me'))).rejects.toBeInstanceOf(ApiUnreachable);
});

test.each([429, 502, 503, 504])(
  'after %i, from the API or a proxy before it, the request is sent again',
  async (status) => {
    const { api } = given([new Response('<h1>Later</h1>', { status }), ok({ licenseId: 'a' })]);
    expect(await dataOf(api.GET('/v1/me'))).toEqual({ licenseId: 'a' });
  },
);

test('a redirect is refused: another server must not get the token', async () => {
  const { api, requests } = given([ok({})], { token: 'secret' });
  await dataOf(api.GET('/v1/me'));
  expect(requests[0]?.redirect).toBe('error');
});
