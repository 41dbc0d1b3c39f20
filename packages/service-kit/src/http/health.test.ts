import { connect } from 'node:net';
import { portOf, type Sample, startSample, THING_ID } from '../../test/sample/app.ts';

let sample: Sample;
afterEach(() => sample.app.close());

describe('health', () => {
  test('says alive whatever its dependencies do', async () => {
    sample = await startSample({}, { readiness: { database: () => Promise.reject(new Error('down')) } });
    expect((await sample.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  });

  test('names each dependency, and is not ready while one of them fails', async () => {
    let down = true;
    sample = await startSample(
      {},
      {
        readiness: {
          database: async () => {
            if (down) throw new Error('postgres://user:secret@host refused');
          },
          queue: async () => undefined,
        },
      },
    );
    const failing = await sample.app.inject('/readyz');
    expect([failing.statusCode, failing.json()]).toEqual([
      503,
      { status: 'not_ready', checks: { database: 'failed', queue: 'ok' } },
    ]);
    down = false;
    const ready = await sample.app.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', queue: 'ok' } },
    ]);
  });

  test('counts a dependency that never answers as failed, within some seconds', async () => {
    sample = await startSample({}, { readiness: { queue: () => new Promise(() => undefined) } });
    expect((await sample.app.inject('/readyz')).statusCode).toBe(503);
  });

  test('counts answers by operation and status, never by address', async () => {
    sample = await startSample();
    await sample.app.inject({ url: `/v1/things/${THING_ID}`, headers: sample.bearer() });
    await sample.app.inject({ url: '/v1/things' });
    await sample.app.inject({ url: '/v1/secret-address' });
    const text = (await sample.app.inject('/metrics')).body;
    expect(text).toContain('http_request_duration_seconds_count{service="sample",operation="getThing",status="200"} 1');
    expect(text).toContain(
      'http_request_duration_seconds_count{service="sample",operation="listThings",status="401"} 1',
    );
    expect(text).toContain('operation="other",status="404"} 1');
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain('secret-address');
    expect(text).not.toContain(THING_ID);
  });

  test('answers bytes that are no HTTP with a problem, and closes', async () => {
    sample = await startSample();
    await sample.app.listen({ host: '127.0.0.1', port: 0 });
    const port = portOf(sample.app);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('this is secret-rubbish\r\n\r\n'));
      socket.on('data', (part) => (text += part.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(answer).toContain('"code":"malformed_request"');
    expect(answer).not.toContain('secret-rubbish');
  });
});
