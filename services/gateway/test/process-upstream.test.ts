import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { actors, expectProblem, testVerifier } from '@smartserver/testing';
import {
  ask,
  bearer,
  exchange,
  type RawServer,
  startGatewayOver,
  startRawServer,
  type TestGateway,
} from './support.ts';

const headers = bearer(testVerifier.tokenFor(actors.staff()));

describe('the proxy to a service in a process of its own', () => {
  const stops: (() => Promise<void>)[] = [];
  const serve = async (...args: Parameters<typeof startRawServer>): Promise<RawServer> => {
    const server = await startRawServer(...args);
    stops.push(server.stop);
    return server;
  };
  const over = async (...args: Parameters<typeof startGatewayOver>): Promise<TestGateway> => {
    const gateway = await startGatewayOver(...args);
    stops.unshift(gateway.stop);
    return gateway;
  };
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  test('a hundred requests, four at a time, need four connections at most', async () => {
    const server = await serve((_request, response) => response.end('{}'));
    const gateway = await over(server);
    for (let round = 0; round < 25; round += 1) {
      const answers = await Promise.all(Array.from({ length: 4 }, () => ask(`${gateway.url}/v1/keys`)));
      expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200, 200]);
    }
    expect(server.connections()).toBeLessThanOrEqual(4);
    expect(server.requests).toHaveLength(100);
  });

  test('an answer flows on while the service is still writing it', async () => {
    let finish = (): void => {};
    const server = await serve((_request, response) => {
      response.write('first,');
      finish = () => response.end('last');
    });
    const gateway = await over(server);
    const response = await fetch(`${gateway.url}/v1/keys`);
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first,');
    finish();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('last');
  });

  test('a service is not read faster than the caller takes the answer', async () => {
    const total = 64 * 1_024 * 1_024;
    let written = 0;
    const server = await serve((_request, response) => {
      const chunk = Buffer.alloc(64 * 1_024, 'x');
      const more = (): void => {
        while (written < total && response.write(chunk)) written += chunk.length;
        if (written >= total) response.end();
      };
      response.on('drain', () => {
        written += chunk.length;
        more();
      });
      more();
    });
    const gateway = await over(server);
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET /v1/keys HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await once(socket, 'readable');
    let before = -1;
    while (before !== written) {
      before = written;
      await pause(200);
    }
    expect(written).toBeLessThan(total / 2);
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    await once(socket, 'close');
    expect(received).toBeGreaterThan(total);
  });

  test('a caller that goes away ends the work of the service', async () => {
    const server = await serve(() => {});
    const gateway = await over(server, { timeoutMs: 600_000 });
    const abort = new AbortController();
    const asked = ask(`${gateway.url}/v1/keys`, { signal: abort.signal }).catch((error: Error) => error.name);
    while (server.requests.length === 0) await pause(5);
    const ended = once(server.requests[0]?.socket ?? server.server, 'close');
    abort.abort();
    expect(await asked).toBe('AbortError');
    await ended;
  });

  test('one who sends a body slowly takes no connection to the service meanwhile', async () => {
    const server = await serve((_request, response) => response.end('{}'));
    const gateway = await over(server, { connections: 1 });
    const slow = connect(gateway.port, '127.0.0.1');
    slow.write('POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhalf');
    await pause(50);
    expect((await ask(`${gateway.url}/v1/keys`)).statusCode).toBe(200);
    expect(server.requests).toHaveLength(1);
    slow.write('-other');
    await once(slow, 'data');
    expect(server.requests.at(-1)?.headers).toMatchObject({ 'content-length': '10' });
    slow.destroy();
  });

  test('a service that is down is a 503 with Retry-After, and works again when it is back', async () => {
    const server = await startRawServer((_request, response) => response.end('{}'));
    const gateway = await over(server);
    await server.stop();
    const down = await ask(`${gateway.url}/v1/licenses`, { method: 'POST', headers, body: '{}' });
    expectProblem(down, 503, 'unavailable');
    expect(down.headers['retry-after']).toBe('1');
    expect(down.body).not.toMatch(/ECONN|127\.0\.0\.1/);
    await serve((_request, response) => response.end('{}'), Number(new URL(server.url).port));
    expect((await ask(`${gateway.url}/v1/keys`)).statusCode).toBe(200);
  });

  test('a service that hangs is a 503 after its time', async () => {
    const server = await serve(() => {});
    const gateway = await over(server, { timeoutMs: 300 });
    const hung = await ask(`${gateway.url}/v1/keys`);
    expectProblem(hung, 503, 'unavailable');
    expect(server.requests).toHaveLength(1);
  });

  test('an answer that breaks off half-way is cut off, not passed on as whole', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('part');
      setTimeout(() => response.destroy(), 20);
    });
    const gateway = await over(server);
    await expect(ask(`${gateway.url}/v1/keys`)).rejects.toThrow();
  });

  describe('when a connection is reset before a byte of the answer', () => {
    const resetting = (times: number) => {
      let left = times;
      return serve((request, response) => {
        request.resume();
        left -= 1;
        if (left >= 0) request.socket.resetAndDestroy();
        else response.end('{}');
      });
    };

    test('a read is sent once more', async () => {
      const server = await resetting(1);
      const gateway = await over(server);
      expect((await ask(`${gateway.url}/v1/keys`)).statusCode).toBe(200);
      expect(server.requests).toHaveLength(2);
    });

    test('but not a third time', async () => {
      const server = await resetting(5);
      const gateway = await over(server);
      expectProblem(await ask(`${gateway.url}/v1/keys`), 503, 'unavailable');
      expect(server.requests).toHaveLength(2);
    });

    test.each(['POST', 'PATCH', 'DELETE'])('a %s is never repeated', async (method) => {
      const server = await resetting(1);
      const gateway = await over(server);
      const path = method === 'POST' ? '/v1/licenses' : '/v1/licenses/1';
      const answer = await ask(gateway.url + path, { method, headers, body: '{}' });
      expectProblem(answer, 503, 'unavailable');
      expect(server.requests).toHaveLength(1);
    });

    test('unless its Idempotency-Key makes the repetition harmless', async () => {
      const server = await resetting(1);
      const gateway = await over(server);
      const keyed = { ...headers, 'idempotency-key': 'one' };
      const answer = await ask(`${gateway.url}/v1/licenses`, { method: 'POST', headers: keyed, body: '{"a":1}' });
      expect(answer.statusCode).toBe(200);
      expect(server.requests.map((request) => request.headers['idempotency-key'])).toEqual(['one', 'one']);
    });

    test('a key that does not reach the service does not count', async () => {
      const server = await resetting(1);
      const gateway = await over(server);
      const text = await exchange(
        gateway.port,
        'POST /v1/login HTTP/1.1\r\nHost: a\r\nConnection: close, idempotency-key\r\nIdempotency-Key: 1\r\nContent-Length: 0\r\n\r\n',
      );
      expect(text).toMatch(/^HTTP\/1\.1 503/);
      expect(server.requests).toHaveLength(1);
    });
  });

  test('headers of the connection to the service are not forwarded, several cookies remain several', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, [
        ['connection', 'keep-alive, x-private'],
        ['x-private', '1'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['etag', '"7"'],
      ]);
      response.end('{}');
    });
    const gateway = await over(server);
    const response = await fetch(`${gateway.url}/v1/keys`);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('etag')).toBe('"7"');
    expect(response.headers.get('x-private')).toBeNull();
  });

  test('answers without a body are carried as such', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(204);
      response.end();
    });
    const gateway = await over(server);
    const answer = await ask(`${gateway.url}/v1/licenses/1`, { method: 'DELETE', headers });
    expect(answer).toMatchObject({ statusCode: 204, body: '' });
  });

  test('binary answers keep their bytes', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const server = await serve((_request, response) => response.end(bytes));
    const gateway = await over(server);
    const response = await fetch(`${gateway.url}/v1/keys`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });
});
