import { actors, expectProblem, testVerifier } from '@smartserver/testing';
import { ask, bearer, type Echo, exchange, startEchoGateway, type TestGateway, UPSTREAM_KINDS } from './support.ts';

const echoed = (body: string): Echo => JSON.parse(body.slice(body.indexOf('{'))) as Echo;

describe.each(UPSTREAM_KINDS)(
  'a service in another place (%s) gets what was sent and its answer comes back',
  (kind) => {
    const token = testVerifier.tokenFor(actors.staff());
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await startEchoGateway(kind);
    });
    afterAll(() => gateway.stop());

    test('a read reaches the service that the document names, with its path and query untouched', async () => {
      const answer = await ask(`${gateway.url}/v1/licenses/a%2Fb?x=1&x=%20`, { headers: bearer(token) });
      expect(answer.statusCode).toBe(200);
      expect(echoed(answer.body)).toMatchObject({
        service: 'license',
        method: 'GET',
        url: '/v1/licenses/a%2Fb?x=1&x=%20',
      });
      expect(answer.headers['x-service-says']).toBe('hello');
      expect(await ask(`${gateway.url}/v1/keys`).then((a) => echoed(a.body).service)).toBe('account');
    });

    test('a body arrives byte for byte, whatever its media type', async () => {
      const body = '{"note":"Ünïcode – ✓", "twice": 1, "twice": 2}';
      const headers = { ...bearer(token), 'content-type': 'application/json' };
      const answer = await ask(`${gateway.url}/v1/licenses`, { method: 'POST', headers, body });
      expect(echoed(answer.body).body).toBe(body);
      const form = await ask(`${gateway.url}/v1/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials',
      });
      expect(echoed(form.body)).toMatchObject({ service: 'account', body: 'grant_type=client_credentials' });
    });

    test('a body in chunks arrives whole', async () => {
      const text = await exchange(
        gateway.port,
        'POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n' +
          '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
      );
      expect(text).toMatch(/^HTTP\/1\.1 200/);
      expect(text).toContain('hello world');
    });

    test('a request without a body stays one', async () => {
      const created = await ask(`${gateway.url}/v1/licenses`, { method: 'POST', headers: bearer(token) });
      expect(echoed(created.body)).toMatchObject({ method: 'POST', body: '' });
      const deleted = await ask(`${gateway.url}/v1/licenses/1`, { method: 'DELETE', headers: bearer(token) });
      expect(echoed(deleted.body)).toMatchObject({ method: 'DELETE', body: '' });
    });

    test('HEAD answers like GET without the body', async () => {
      const answer = await ask(`${gateway.url}/v1/keys`, { method: 'HEAD' });
      expect(answer).toMatchObject({ statusCode: 200, body: '' });
      expect(Number(answer.headers['content-length'])).toBeGreaterThan(100);
    });

    test('the request id and the trace go in and come out', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const answer = await ask(`${gateway.url}/v1/keys`, { headers: { 'x-request-id': 'caller-id-1', traceparent } });
      const seen = echoed(answer.body);
      expect(seen.requestId).toBe('caller-id-1');
      expect(answer.headers['x-request-id']).toBe('caller-id-1');
      // The caller's trace, with the gateway's span as the parent of the service's.
      expect(seen.headers.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
      expect(seen.headers.traceparent).not.toBe(traceparent);
    });

    test('a request id that does not belong into logs is replaced', async () => {
      const answer = await ask(`${gateway.url}/v1/keys`, { headers: { 'x-request-id': 'a b"c' } });
      expect(echoed(answer.body).requestId).toMatch(/^[0-9a-f]{32}$/);
    });

    test('what a caller says about its address and about proxies does not reach the service', async () => {
      const answer = await ask(`${gateway.url}/v1/keys`, {
        headers: {
          'x-forwarded-for': '10.1.1.1, 10.2.2.2',
          'x-forwarded-proto': 'https',
          'x-forwarded-host': 'evil.example',
          'x-real-ip': '10.1.1.1',
          forwarded: 'for=10.1.1.1',
        },
      });
      const { headers, ip } = echoed(answer.body);
      expect(ip).toBe('127.0.0.1');
      expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
      expect(headers['x-forwarded-host']).toBe(`127.0.0.1:${gateway.port}`);
      expect(headers).not.toHaveProperty('forwarded');
      expect(headers).not.toHaveProperty('x-real-ip');
    });

    test('headers of one connection do not cross to the next, nor those that Connection declares such', async () => {
      const text = await exchange(
        gateway.port,
        'GET /v1/keys HTTP/1.1\r\nHost: a\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nTE: trailers\r\nKeep-Alive: timeout=9\r\n' +
          'Proxy-Authorization: Basic eA==\r\nUpgrade: websocket\r\nX-Kept: 2\r\n\r\n',
      );
      const { headers } = echoed(text.slice(text.indexOf('\r\n\r\n')).replace(/\r\n0\r\n\r\n$/, ''));
      expect(headers['x-kept']).toBe('2');
      for (const name of ['x-mine', 'te', 'keep-alive', 'proxy-authorization', 'upgrade']) {
        expect(headers).not.toHaveProperty(name);
      }
    });

    test('an address in absolute form is the same address', async () => {
      const text = await exchange(
        gateway.port,
        'GET http://other.example/v1/keys?a=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      );
      expect(text).toContain('"url":"/v1/keys?a=1"');
    });

    test('a secured operation wants a valid token, and one with its scope', async () => {
      const none = await ask(`${gateway.url}/v1/licenses`);
      expectProblem(none, 401, 'unauthenticated');
      expect(none.headers['www-authenticate']).toBe('Bearer');
      expectProblem(await ask(`${gateway.url}/v1/licenses`, { headers: bearer('a.b.c') }), 401, 'unauthenticated');
      expectProblem(await ask(`${gateway.url}/v1/licenses`, { headers: bearer(`${token}x`) }), 401, 'unauthenticated');
      expectProblem(
        await ask(`${gateway.url}/v1/licenses`, { headers: { authorization: token } }),
        401,
        'unauthenticated',
      );

      const viewer = testVerifier.tokenFor(actors.partnerUser(undefined, 'viewer'));
      expect((await ask(`${gateway.url}/v1/licenses`, { headers: bearer(viewer) })).statusCode).toBe(200);
      const refused = await ask(`${gateway.url}/v1/licenses`, { method: 'POST', headers: bearer(viewer), body: '{}' });
      expectProblem(refused, 403, 'scope_missing');
      expect(refused.headers['www-authenticate']).toContain('insufficient_scope');
    });

    test('an operation without scopes lets every signed-in actor in, and nobody else', async () => {
      const customer = testVerifier.tokenFor(actors.customer());
      expect((await ask(`${gateway.url}/v1/me`, { headers: bearer(customer) })).statusCode).toBe(200);
      expectProblem(await ask(`${gateway.url}/v1/me`), 401, 'unauthenticated');
    });

    test('a public operation passes without a token, and with a bad one', async () => {
      expect((await ask(`${gateway.url}/v1/keys`, { headers: bearer('nonsense') })).statusCode).toBe(200);
    });

    test.each(['/v1/unknown', '/metrics', '/v1/keys/', '//v1/keys', '/v1/licenses/a/b', '/V1/keys'])(
      'an address that is not in the document is not found, whatever the services answer there: %s',
      async (path) => {
        expectProblem(await ask(gateway.url + path, { headers: bearer(token) }), 404, 'not_found');
        expectProblem(await ask(gateway.url + path, { method: 'POST', body: 'x' }), 404, 'not_found');
      },
    );

    test('another method on a path of the document is answered with those that exist', async () => {
      const answer = await ask(`${gateway.url}/v1/licenses/1`, { method: 'PUT', body: '{}' });
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers.allow).toBe('GET, HEAD, PATCH, DELETE');
      expectProblem(await ask(`${gateway.url}/v1/keys`, { method: 'OPTIONS' }), 405, 'method_not_allowed');
    });

    test('a body over 256 KiB is refused, declared or not', async () => {
      const body = Buffer.alloc(256 * 1_024 + 1, 'x');
      const declared = await ask(`${gateway.url}/v1/login`, { method: 'POST', body });
      expect(declared.statusCode).toBe(413);
      const chunk = `${body.length.toString(16)}\r\n${body.toString()}\r\n0\r\n\r\n`;
      const undeclared = await exchange(
        gateway.port,
        `POST /v1/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk}`,
      );
      expect(undeclared).toMatch(/^HTTP\/1\.1 413/);
      const fits = await ask(`${gateway.url}/v1/login`, { method: 'POST', body: body.subarray(1) });
      expect(fits.statusCode).toBe(200);
    });

    test('a caller without access is refused before its body is read', async () => {
      const text = await exchange(
        gateway.port,
        'POST /v1/licenses HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n',
      );
      expect(text).toMatch(/^HTTP\/1\.1 401/);
    });

    test('answers of the gateway itself carry its security headers, a request id and a trace', async () => {
      const { headers } = await ask(`${gateway.url}/v1/unknown`, { headers: { 'x-request-id': 'caller-id-2' } });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-request-id': 'caller-id-2',
        'cache-control': 'no-store',
        traceparent: expect.stringMatching(/^00-/),
      });
      expect(headers).not.toHaveProperty('strict-transport-security');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    });

    test('limit headers are on the answers of the service, too', async () => {
      const limited = await startEchoGateway(kind, { limits: { perAddress: 2 } });
      try {
        const first = await ask(`${limited.url}/v1/keys`);
        expect(first.headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1' });
        await ask(`${limited.url}/v1/keys`);
        const third = await ask(`${limited.url}/v1/keys`);
        expectProblem(third, 429, 'rate_limited');
        expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
      } finally {
        await limited.stop();
      }
    });
  },
);
