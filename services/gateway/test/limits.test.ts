import { actors, expectProblem, testClock, testVerifier } from '@smartserver/testing';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { LeasedLimiter } from '../src/limits/leased-limiter.ts';
import { ask, bearer, startEchoGateway } from './support.ts';

describe('a limit that is taken in portions', () => {
  const limiterOf = (points: number) => {
    const clock = testClock();
    return { clock, limiter: new LeasedLimiter(new RateLimiterMemory({ points, duration: 60 }), clock) };
  };

  test.each([1, 60, 199, 200, 1_000])(
    'lets exactly %i of a limit of as many pass, one after the other',
    async (points) => {
      const { limiter } = limiterOf(points);
      for (let count = 1; count <= points; count += 1) {
        expect(await limiter.take('a')).toMatchObject({ allowed: true, limit: points, remaining: points - count });
      }
      const refused = await limiter.take('a');
      expect(refused).toMatchObject({ allowed: false, remaining: 0 });
      expect(refused.resetMs).toBeGreaterThan(50_000);
    },
  );

  test('lets no more than the limit pass, however many ask at once', async () => {
    const { limiter } = limiterOf(1_000);
    const verdicts = await Promise.all(Array.from({ length: 3_000 }, () => limiter.take('a')));
    expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(1_000);
  });

  test('asks the store once for a hundredth of the limit, also when many ask at once', async () => {
    const store = new RateLimiterMemory({ points: 10_000, duration: 60 });
    const consume = jest.spyOn(store, 'consume');
    const limiter = new LeasedLimiter(store, testClock());
    await Promise.all(Array.from({ length: 300 }, () => limiter.take('a')));
    expect(consume).toHaveBeenCalledTimes(3);
  });

  test('counts each key separately', async () => {
    const { limiter } = limiterOf(1);
    expect((await limiter.take('a')).allowed).toBe(true);
    expect((await limiter.take('b')).allowed).toBe(true);
    expect((await limiter.take('a')).allowed).toBe(false);
  });

  test('does not spend a portion after its window has ended', async () => {
    const store = new RateLimiterMemory({ points: 1_000, duration: 60 });
    const consume = jest.spyOn(store, 'consume');
    const clock = testClock();
    const limiter = new LeasedLimiter(store, clock);
    await limiter.take('a');
    clock.advance(61_000);
    await limiter.take('a');
    expect(consume).toHaveBeenCalledTimes(2);
  });

  test('a store that fails stops nobody', async () => {
    const store = new RateLimiterMemory({ points: 10, duration: 60 });
    jest.spyOn(store, 'consume').mockRejectedValue(new Error('gone'));
    const limiter = new LeasedLimiter(store, testClock());
    expect((await limiter.take('a')).allowed).toBe(true);
  });
});

describe('limits of requests', () => {
  const token = () => testVerifier.tokenFor(actors.staff());

  test('a credential is counted wherever it comes from, and does not use up that of another', async () => {
    const gateway = await startEchoGateway('process', { limits: { perCredential: 2 }, trustedProxies: ['127.0.0.1'] });
    try {
      const [one, other] = [token(), token()];
      const from = (ip: string, bearerToken: string) =>
        ask(`${gateway.url}/v1/licenses`, { headers: { ...bearer(bearerToken), 'x-forwarded-for': ip } });
      expect((await from('192.0.2.1', one)).statusCode).toBe(200);
      expect((await from('192.0.2.2', one)).statusCode).toBe(200);
      const refused = await from('192.0.2.3', one);
      expectProblem(refused, 429, 'rate_limited');
      expect(refused.headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '0' });
      expect(refused.headers['retry-after']).toBe(refused.headers['ratelimit-reset']);
      expect((await from('192.0.2.1', other)).statusCode).toBe(200);
      expect((await ask(`${gateway.url}/v1/keys`)).statusCode).toBe(200);
    } finally {
      await gateway.stop();
    }
  });

  test('an address is counted whatever it requests and whatever credentials it sends, also for unknown paths', async () => {
    const gateway = await startEchoGateway('process', { limits: { perAddress: 3 }, trustedProxies: ['127.0.0.1'] });
    try {
      const from = (ip: string, path: string) => ask(gateway.url + path, { headers: { 'x-forwarded-for': ip } });
      expect((await from('192.0.2.1', '/v1/keys')).statusCode).toBe(200);
      expect((await from('192.0.2.1', '/v1/unknown')).statusCode).toBe(404);
      expect((await from('192.0.2.1', '/v1/licenses')).statusCode).toBe(401);
      expectProblem(await from('192.0.2.1', '/v1/keys'), 429, 'rate_limited');
      expect((await from('192.0.2.2', '/v1/keys')).statusCode).toBe(200);
    } finally {
      await gateway.stop();
    }
  });

  test('a caller cannot get a fresh limit by naming another address', async () => {
    const gateway = await startEchoGateway('process', { limits: { perAddress: 1 } });
    try {
      const from = (ip: string) => ask(`${gateway.url}/v1/keys`, { headers: { 'x-forwarded-for': ip } });
      expect((await from('192.0.2.1')).statusCode).toBe(200);
      expectProblem(await from('192.0.2.2'), 429, 'rate_limited');
    } finally {
      await gateway.stop();
    }
  });

  test('only the last proxy that is trusted says who the caller is', async () => {
    const gateway = await startEchoGateway('process', { trustedProxies: ['127.0.0.1'] });
    try {
      const answer = await ask(`${gateway.url}/v1/keys`, {
        headers: { 'x-forwarded-for': '10.9.9.9, 192.0.2.4', 'x-forwarded-proto': 'https' },
      });
      const { ip, headers } = JSON.parse(answer.body) as { ip: string; headers: Record<string, string> };
      expect(ip).toBe('192.0.2.4');
      expect(headers).toMatchObject({ 'x-forwarded-for': '192.0.2.4', 'x-forwarded-proto': 'https' });
    } finally {
      await gateway.stop();
    }
  });

  test('sign-in attempts have a stricter limit of their own, whatever the credentials', async () => {
    const gateway = await startEchoGateway('process', { limits: { perAddress: 100, signIn: 2 } });
    try {
      const login = () => ask(`${gateway.url}/v1/login`, { method: 'POST', body: '{}', headers: bearer(token()) });
      expect((await login()).headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1' });
      await login();
      expectProblem(await login(), 429, 'rate_limited');
      expect((await ask(`${gateway.url}/v1/keys`)).statusCode).toBe(200);
      expect((await ask(`${gateway.url}/v1/licenses`, { headers: bearer(token()) })).statusCode).toBe(200);
    } finally {
      await gateway.stop();
    }
  });

  test('who watches over the gateway is not limited', async () => {
    const gateway = await startEchoGateway('process', { limits: { perAddress: 1 } });
    try {
      for (let count = 0; count < 5; count += 1) {
        expect((await ask(`${gateway.url}/healthz`)).statusCode).toBe(200);
        expect((await ask(`${gateway.url}/readyz`)).statusCode).toBe(200);
      }
      expect((await ask(`${gateway.url}/v1/keys`)).statusCode).toBe(200);
    } finally {
      await gateway.stop();
    }
  });
});
