import { gunzipSync } from 'node:zlib';
import { PROBLEMS } from '@smartserver/contracts';
import { expectProblem } from '@smartserver/testing';
import { ask, sampleDocument, startEchoGateway, type TestGateway } from './support.ts';

describe('what the gateway shows itself', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startEchoGateway('embedded', {
      extraRoutes: (app) => {
        app.get('/dev/mail', (_request, reply) => reply.header('content-security-policy', 'sandbox').send('mails'));
      },
    });
  });
  afterAll(() => gateway.stop());

  const page = async (path: string) => {
    const answer = await ask(gateway.url + path);
    expect(answer.statusCode).toBe(200);
    return answer;
  };

  test.each(['/', '/docs', '/problems', '/problems/license_in_use'])(
    '%s is a page that runs no script but ours and asks nobody else for anything',
    async (path) => {
      const { headers, body } = await page(path);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      const policy = headers['content-security-policy'];
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(body).not.toMatch(/<script(?![^>]*\ssrc=)/);
      expect(body).not.toMatch(/\sstyle=|\son[a-z]+=|<style/);
      for (const [, address] of body.matchAll(/(?:src|<link[^>]*href)="([^"]*)"/g)) {
        expect(address).toMatch(/^\//);
        expect((await ask(gateway.url + address)).statusCode).toBe(200);
      }
      expect(body).toMatch(/<title>[^<]+<\/title>/);
      expect(body).toContain('lang="en"');
    },
  );

  test('every code of the catalogue has the page that its type points to, and the index links it', async () => {
    const index = await page('/problems');
    for (const [code, { title }] of Object.entries(PROBLEMS)) {
      expect(index.body).toContain(`href="/problems/${code}"`);
      const { body } = await page(`/problems/${code}`);
      expect(body).toContain(title.replaceAll("'", '&#39;'));
      expect(body.replace(/<pre[\s\S]*<\/pre>/, '')).not.toContain('`');
    }
    expectProblem(await ask(`${gateway.url}/problems/unheard_of`), 404, 'not_found');
  });

  test('the document is served as it was composed', async () => {
    const { headers, body } = await page('/openapi.json');
    expect(headers['content-type']).toContain('application/json');
    expect(JSON.parse(body)).toEqual(sampleDocument);
  });

  test('what a browser has already is not sent again, and what it takes compressed is', async () => {
    const first = await page('/docs/swagger-ui.css');
    const etag = first.headers.etag ?? '';
    const again = await ask(`${gateway.url}/docs/swagger-ui.css`, { headers: { 'if-none-match': etag } });
    expect(again).toMatchObject({ statusCode: 304, body: '' });
    expect(again.headers).toMatchObject({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' });
    expect(again.headers).not.toHaveProperty('content-length');
    const { rawPayload, headers } = await gateway.app.inject({
      url: '/docs/swagger-ui.css',
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(rawPayload).toString()).toBe(first.body);
  });

  test('a file is sent as a whole, whatever range of it is asked for', async () => {
    const whole = await page('/docs/reference.css');
    for (const range of ['bytes=0-9', 'bytes=9999999-']) {
      const answer = await ask(`${gateway.url}/docs/reference.css`, { headers: { range } });
      expect(answer).toMatchObject({ statusCode: 200, body: whole.body });
    }
  });

  test('another method on a page is refused', async () => {
    const answer = await ask(`${gateway.url}/docs`, { method: 'POST' });
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.allow).toBe('GET, HEAD');
  });

  test('pages that a development system adds have the security headers, and may set their own', async () => {
    const { headers, body } = await page('/dev/mail');
    expect(body).toBe('mails');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox' });
    expectProblem(await ask(`${gateway.url}/dev/mail`, { method: 'DELETE' }), 405, 'method_not_allowed');
  });

  test('numbers of the process are not public', async () => {
    expectProblem(await ask(`${gateway.url}/metrics`), 404, 'not_found');
  });
});

describe('who may call from the web page of another origin', () => {
  const preflight = { origin: 'https://portal.example', 'access-control-request-method': 'POST' };

  test('nobody, unless it is configured', async () => {
    const gateway = await startEchoGateway('process');
    try {
      const { headers } = await ask(`${gateway.url}/v1/keys`, { headers: preflight });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      const asked = await ask(`${gateway.url}/v1/login`, { method: 'OPTIONS', headers: preflight });
      expectProblem(asked, 405, 'method_not_allowed');
    } finally {
      await gateway.stop();
    }
  });

  test.each(['process', 'embedded'] as const)(
    'the origins of the list, also for errors and for answers of a %s',
    async (kind) => {
      const gateway = await startEchoGateway(kind, { allowedOrigins: ['https://portal.example'] });
      try {
        const asked = await ask(`${gateway.url}/v1/login`, { method: 'OPTIONS', headers: preflight });
        expect(asked.statusCode).toBe(204);
        expect(asked.headers).toMatchObject({ 'access-control-allow-origin': 'https://portal.example' });
        for (const path of ['/v1/keys', '/v1/licenses', '/v1/unknown']) {
          const allowed = await ask(gateway.url + path, { headers: preflight });
          expect(allowed.headers).toMatchObject({ 'access-control-allow-origin': 'https://portal.example' });
          const foreign = await ask(gateway.url + path, { headers: { origin: 'https://evil.example' } });
          expect(foreign.headers).not.toHaveProperty('access-control-allow-origin');
        }
      } finally {
        await gateway.stop();
      }
    },
  );
});

test('in production browsers are instructed to use TLS only', async () => {
  const gateway = await startEchoGateway('process', { production: true });
  try {
    expect((await ask(gateway.url)).headers['strict-transport-security']).toMatch(/max-age=\d{8}/);
    expect((await ask(`${gateway.url}/v1/unknown`)).headers['strict-transport-security']).toMatch(/max-age=\d{8}/);
  } finally {
    await gateway.stop();
  }
});
