import { expectProblem } from '@smartserver/testing';
import { exchange, type RawServer, startGatewayOver, startRawServer, type TestGateway } from './support.ts';

/** What came back, in the shape that `expectProblem` reads. */
const parsed = (text: string) => {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  const [status = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':')[0]?.toLowerCase(), line.replace(/^[^:]*: /, '')]),
  );
  return { statusCode: Number(status.split(' ')[1]), headers, body };
};

describe('what two readers could read differently is refused before anything is passed on', () => {
  let server: RawServer;
  let gateway: TestGateway;
  beforeAll(async () => {
    server = await startRawServer((request, response) => {
      request.resume();
      response.end('{}');
    });
    gateway = await startGatewayOver(server);
  });
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
  });
  beforeEach(() => server.requests.splice(0));

  const smuggled = 'GET /v1/keys HTTP/1.1\r\nHost: a\r\n\r\n';
  const attempts = {
    'Content-Length and Transfer-Encoding': `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'Transfer-Encoding and Content-Length': `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`,
    'two Content-Lengths': `Content-Length: 0\r\nContent-Length: 44\r\n\r\n${smuggled}`,
    'a Content-Length that is no number': `Content-Length: 0x10\r\n\r\n${smuggled}`,
    'a signed Content-Length': `Content-Length: +4\r\n\r\nabcd${smuggled}`,
    'an obscured Transfer-Encoding': `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'a space before the colon': `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'a folded header': `X-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n${smuggled}`,
    'a bare line feed in the headers': `X-A: 1\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'a NUL in a header': `X-A: 1\0\r\n\r\n${smuggled}`,
  };

  test.each(Object.entries(attempts))('%s', async (_name, rest) => {
    const answer = parsed(await exchange(gateway.port, `POST /v1/login HTTP/1.1\r\nHost: a\r\n${rest}`));
    expectProblem(answer, 400, 'malformed_request');
    expect(answer.headers.connection).toBe('close');
    expect(server.requests).toHaveLength(0);
  });

  test('chunk extensions and trailers do not reach the service', async () => {
    const text = await exchange(
      gateway.port,
      'POST /v1/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\nConnection: close\r\n\r\n' +
        '2;ext=1\r\nhi\r\n0\r\nX-Late: 1\r\n\r\n',
    );
    expect(text).toMatch(/^HTTP\/1\.1 200/);
    expect(server.requests[0]?.headers).toMatchObject({ 'content-length': '2' });
    expect(server.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
    expect(server.requests[0]?.headers).not.toHaveProperty('trailer');
    expect(server.requests[0]?.trailers).toEqual({});
  });

  test('the body of a read is not passed on', async () => {
    const text = await exchange(
      gateway.port,
      'GET /v1/keys HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello',
    );
    expect(text).toMatch(/^HTTP\/1\.1 200/);
    expect(server.requests[0]?.headers).not.toHaveProperty('content-length');
  });

  test('headers and address over 16 KiB are refused', async () => {
    const long = 'x'.repeat(17 * 1_024);
    const head = (line: string) => `${line}\r\nHost: a\r\nConnection: close\r\n\r\n`;
    expect(parsed(await exchange(gateway.port, head(`GET /v1/keys?${long} HTTP/1.1`))).statusCode).toBe(413);
    expect(parsed(await exchange(gateway.port, head(`GET /v1/keys HTTP/1.1\r\nX-A: ${long}`))).statusCode).toBe(413);
    expect(server.requests).toHaveLength(0);
  });

  test('an address that cannot be decoded is a problem, not a crash', async () => {
    const answer = parsed(
      await exchange(gateway.port, 'GET /v1/licenses/%E0%A4%A HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
    );
    expectProblem(answer, 400, 'malformed_request');
  });

  test('time-outs end connections that send too slowly or take too slowly', () => {
    const { headersTimeout, requestTimeout, timeout, keepAliveTimeout } = gateway.app.server;
    expect(headersTimeout).toBe(10_000);
    expect(requestTimeout).toBe(30_000);
    expect(timeout).toBe(20_000);
    expect(keepAliveTimeout).toBe(65_000);
  });
});
