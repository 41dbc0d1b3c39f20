import { brotliDecompressSync } from 'node:zlib';
import fastify from 'fastify';
import { type Compress, registerCompression } from '../src/pages/compression.ts';

test('each version of a page is compressed once, however often it is asked for', async () => {
  const done: string[] = [];
  const compress: Compress = async (encoding, content) => {
    done.push(`${encoding} ${content.length}`);
    return content;
  };
  const app = fastify();
  registerCompression(app, compress);
  let page = 'a'.repeat(2_000);
  app.get('/page', (_request, reply) => reply.type('text/html').header('etag', `"${page.length}"`).send(page));
  const ask = (encoding: string) => app.inject({ url: '/page', headers: { 'accept-encoding': encoding } });

  await Promise.all([ask('br'), ask('br'), ask('gzip, br'), ask('gzip')]);
  expect(done.toSorted()).toEqual(['br 2000', 'gzip 2000']);
  page = 'b'.repeat(3_000);
  expect((await ask('br')).body).toBe(page);
  await ask('br');
  expect(done).toHaveLength(3);
  await app.close();
});

test.each([
  ['br;q=0, gzip;q=0', undefined],
  ['identity', undefined],
  ['br', 'br'],
])('a browser that accepts %s gets %s', async (accepted, expected) => {
  const app = fastify();
  registerCompression(app);
  const page = 'page '.repeat(500);
  app.get('/page', (_request, reply) => reply.type('text/html').header('etag', '"1"').send(page));
  const { headers, rawPayload } = await app.inject({ url: '/page', headers: { 'accept-encoding': accepted } });
  expect(headers['content-encoding']).toBe(expected);
  expect(headers['content-length']).toBe(String(rawPayload.length));
  expect((expected === 'br' ? brotliDecompressSync(rawPayload) : rawPayload).toString()).toBe(page);
  await app.close();
});
