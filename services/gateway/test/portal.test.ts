import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { expectProblem } from '@smartserver/testing';
import { ask, startEchoGateway, type TestGateway } from './support.ts';

const PAGE =
  '<!doctype html><title>Portal</title><script type="module" src="/portal/assets/index-AbC_1-x.js"></script>';
const SCRIPT = 'console.log("portal");'.repeat(50);

describe('the License Customer Portal', () => {
  let directory: string;
  let gateway: TestGateway;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'portal-'));
    mkdirSync(join(directory, 'assets'));
    writeFileSync(join(directory, 'index.html'), PAGE);
    writeFileSync(join(directory, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    writeFileSync(join(directory, 'assets/index-AbC_1-x.js'), SCRIPT);
    writeFileSync(join(directory, 'assets/unknown.type'), 'x');
    gateway = await startEchoGateway('embedded', {
      portal: { directory, customerSuccessContact: 'success@vendor.example' },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    rmSync(directory, { recursive: true });
  });
  const get = (path: string, headers = {}) => ask(gateway.url + path, { headers });

  test.each(['/portal/', '/portal/sign-in', '/portal/licenses/3f2504e0-4f89-41d3-9a0c-0305e82c3301/activate'])(
    '%s is its page, asked for anew each time, with a policy that allows files of ours only',
    async (path) => {
      const { statusCode, headers, body } = await get(path);
      expect(statusCode).toBe(200);
      expect(body).toBe(PAGE);
      expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
      const policy = headers['content-security-policy'];
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    },
  );

  test('what has its content in its name is kept by browsers for good; other files are asked for anew', async () => {
    const script = await get('/portal/assets/index-AbC_1-x.js');
    expect(script).toMatchObject({ statusCode: 200, body: SCRIPT });
    expect(script.headers).toMatchObject({
      'content-type': expect.stringMatching(/^(text|application).javascript; charset=utf-8$/),
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const icon = await get('/portal/icon.svg');
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
    const again = await get('/portal/icon.svg', { 'if-none-match': icon.headers.etag });
    expect(again).toMatchObject({ statusCode: 304, body: '' });
  });

  test('a browser that takes Brotli gets it', async () => {
    const { rawPayload, headers } = await gateway.app.inject({
      url: '/portal/assets/index-AbC_1-x.js',
      headers: { 'accept-encoding': 'gzip, deflate, br' },
    });
    expect(headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(rawPayload).toString()).toBe(SCRIPT);
  });

  test('a new build is served without a restart', async () => {
    const path = join(directory, 'index.html');
    writeFileSync(path, PAGE.replace('Portal', 'Portal 2'));
    utimesSync(path, new Date(), new Date(Date.now() + 5_000));
    expect((await get('/portal/')).body).toContain('Portal 2');
    writeFileSync(path, PAGE);
  });

  test.each([
    '/portal/assets/index-older.js',
    '/portal/assets/unknown.type',
    '/portal/assets/',
    '/portal/favicon.ico',
    '/portal/index.html',
    '/portal/assets/%2e%2e/index.html',
  ])('%s is not there, and is no page either', async (path) => {
    expectProblem(await get(path), 404, 'not_found');
  });

  test('nothing but the folder is read, whatever the address', async () => {
    for (const path of ['/portal/..%2fsecret.js', '/portal/assets/..%2f..%2fsecret.js', '/portal/assets/%00.js']) {
      const { statusCode, body } = await get(path);
      expect([200, 404]).toContain(statusCode);
      if (statusCode === 200) expect(body).toBe(PAGE);
    }
  });

  test('the address without a slash leads to it, and the first page links it', async () => {
    expect((await get('/portal')).headers).toMatchObject({ location: '/portal/' });
    expect((await get('/')).body).toContain('href="/portal/"');
  });

  test('its configuration names whom a customer asks', async () => {
    expect(JSON.parse((await get('/portal/config.json')).body)).toEqual({
      customerSuccessContact: 'success@vendor.example',
    });
  });

  test('another method is refused', async () => {
    expectProblem(await ask(`${gateway.url}/portal/`, { method: 'POST' }), 405, 'method_not_allowed');
  });
});

test('without its build the portal says so, and the rest works', async () => {
  const gateway = await startEchoGateway('embedded', {
    portal: { directory: '/nowhere/portal', customerSuccessContact: '' },
  });
  try {
    const { statusCode, headers, body } = await ask(`${gateway.url}/portal/licenses`);
    expect(statusCode).toBe(503);
    expect(body).toContain('has not been built');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'retry-after': '60' });
    expectProblem(await ask(`${gateway.url}/portal/assets/index.js`), 404, 'not_found');
    expect((await ask(`${gateway.url}/healthz`)).statusCode).toBe(200);
  } finally {
    await gateway.stop();
  }
});
