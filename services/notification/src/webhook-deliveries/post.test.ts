import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { startWebhookSink, type WebhookSink } from '@smartserver/testing';
import { createPost } from './post.ts';
import type { Resolve } from './resolver.ts';

// Guarantee 23: no request into the private network, whatever names and name servers say.

/** A service of the private network: counts who knocks. */
let inside: Server;
let port: number;
let knocks = 0;
let receiver: WebhookSink;

beforeAll(async () => {
  inside = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  port = (inside.address() as AddressInfo).port;
  receiver = await startWebhookSink();
});
afterAll(async () => {
  await receiver.stop();
  await new Promise((resolve) => inside.close(resolve));
});
beforeEach(() => {
  knocks = 0;
  receiver.received.length = 0;
});

const never = new AbortController().signal;

/** One attempt, with a name server of the test's own. */
const post = (url: string, resolve: Resolve, options: { allowInsecure?: boolean; timeoutMs?: number } = {}) => {
  const { allowInsecure = false, timeoutMs = 500 } = options;
  const attempt = createPost({ resolve, rules: { allowInsecure }, timeoutMs });
  return attempt({ url, headers: { 'content-type': 'application/json' }, body: '{}' }, never);
};

const answering = (...addresses: string[]): Resolve & { asked: string[] } => {
  const asked: string[] = [];
  const resolve = async (host: string) => {
    asked.push(host);
    return addresses;
  };
  return Object.assign(resolve, { asked });
};

test.each([
  ['private', '10.0.0.1'],
  ['loopback', '127.0.0.1'],
  ['link-local: metadata', '169.254.169.254'],
  ['a carrier’s NAT', '100.64.0.1'],
  ['multicast', '224.0.0.1'],
  ['unspecified, which leads to loopback', '0.0.0.0'],
  ['IPv6 loopback', '::1'],
  ['unique local', 'fd00::1'],
  ['link-local of IPv6', 'fe80::1'],
  ['IPv4-mapped', '::ffff:127.0.0.1'],
  ['IPv4-compatible', '::7f00:1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['6to4', '2002:7f00:1::'],
  ['no address at all', 'not-an-address'],
])('a name that leads to an address that is not public (%s) is refused', async (_what, address) => {
  for (const addresses of [[address], ['8.8.8.8', address], [address, '8.8.8.8']]) {
    const answer = await post(`https://integrator.example:${port}/`, answering(...addresses));
    expect(answer).toEqual({ kind: 'failed', failure: expect.stringMatching(/not public|no valid address/) });
  }
  expect(knocks).toBe(0);
});

test('of several addresses a single one that is not public is enough to refuse', async () => {
  const answer = await post(
    `https://integrator.example:${port}/`,
    answering('8.8.8.8', '2606:4700::1111', '127.0.0.1'),
  );
  expect(answer).toEqual({ kind: 'failed', failure: 'The host has an address that is not public.' });
  expect(knocks).toBe(0);
});

test.each([
  'https://2130706433',
  'https://0x7f.1',
  'https://0177.0.0.1',
  'https://127.1',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://[::ffff:7f00:1]',
  'https://localhost',
  'https://foo.localhost',
  'http://integrator.example',
])('%s is refused at every attempt, too, and no name server is asked', async (origin) => {
  const resolve = answering('8.8.8.8');
  expect((await post(`${origin}:${port}/`, resolve)).kind).toBe('failed');
  expect([knocks, resolve.asked]).toEqual([0, []]);
});

test('DNS that changes between check and connect changes nothing: it is asked once, and the connection goes to what was looked at', async () => {
  let asked = 0;
  const rebinding: Resolve = async () => {
    asked += 1;
    return asked === 1 ? ['8.8.8.8'] : ['127.0.0.1'];
  };
  const answer = await post(`https://rebind.example:${port}/`, rebinding);
  expect(answer.kind).toBe('failed');
  expect([asked, knocks]).toEqual([1, 0]);
  // The next attempt asks again, and refuses.
  expect(await post(`https://rebind.example:${port}/`, rebinding)).toMatchObject({
    failure: 'The host has an address that is not public.',
  });
  expect(knocks).toBe(0);
});

test('the pinned address is really connected to, under the name of the host', async () => {
  // No other name server knows this name: only the pinned address leads there.
  const answer = await post(`http://nowhere.example:${receiver.port}/hooks`, answering('127.0.0.1'), {
    allowInsecure: true,
  });
  expect(answer).toEqual({ kind: 'answered', status: 204, retryAfter: null });
  expect(receiver.received[0]?.headers.host).toBe(`nowhere.example:${receiver.port}`);
});

test('each attempt has a connection of its own: none outlives the look at its address', async () => {
  const resolve = answering('127.0.0.1');
  for (let n = 0; n < 3; n += 1)
    await post(receiver.url.replace('127.0.0.1', 'here.example'), resolve, { allowInsecure: true });
  expect(resolve.asked).toEqual(['here.example', 'here.example', 'here.example']);
  expect(receiver.received.map(({ headers }) => headers.connection)).toEqual(['close', 'close', 'close']);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect (%i) into the private network, or anywhere, is not followed',
  async (status) => {
    for (const location of [`http://127.0.0.1:${port}/`, '/elsewhere', 'http://169.254.169.254/latest/meta-data/']) {
      receiver.received.length = 0;
      receiver.answerWith((response) => response.writeHead(status, { location }).end());
      const answer = await post(receiver.url, answering('127.0.0.1'), { allowInsecure: true });
      expect(answer).toMatchObject({ kind: 'answered', status });
      expect(receiver.received).toHaveLength(1);
    }
    expect(knocks).toBe(0);
  },
);

test('a name server that does not answer, or knows no such name, is a failure like another', async () => {
  const silent: Resolve = () => new Promise(() => {});
  const started = performance.now();
  const url = 'https://integrator.example/';
  expect(await post(url, silent)).toEqual({ kind: 'failed', failure: 'The receiver did not answer in time.' });
  expect(performance.now() - started).toBeLessThan(1_500);
  const unknown: Resolve = () => Promise.reject(new Error('queryA ENOTFOUND integrator.example'));
  const failure = 'The name of the host could not be resolved.';
  expect(await post(url, unknown)).toEqual({ kind: 'failed', failure });
});
