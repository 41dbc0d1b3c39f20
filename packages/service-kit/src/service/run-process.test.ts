import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { portOf, type Sample, startSample } from '../../test/sample/app.ts';
import { ConfigError } from '../config/index.ts';
import { runProcess } from './run-process.ts';

describe('the process of a service', () => {
  let sample: Sample;
  beforeEach(async () => {
    sample = await startSample();
  });
  afterEach(() => sample.app.close());

  const createHost = () => {
    const events = new EventEmitter();
    let text = '';
    const exited = new Promise<number>((resolve) => events.on('exit', resolve));
    return {
      env: {},
      on: (signal: string, listener: () => void) => events.on(signal, listener),
      exit: (code: number) => void events.emit('exit', code),
      stderr: { write: (part: string) => (text += part) },
      signal: (name: string) => events.emit(name),
      exited,
      text: () => text,
    };
  };

  const listen = { host: '127.0.0.1', port: 0 };

  test('listens, says it is not ready once asked to stop, answers on, then stops and exits with 0', async () => {
    const host = createHost();
    const stops: string[] = [];
    const stop = async () => void stops.push('stopped');
    await runProcess('sample', async () => ({ name: 'sample', app: sample.app, stop, listen }), { host, drainMs: 200 });
    expect(sample.app.server.listening).toBe(true);
    expect((await sample.app.inject('/readyz')).statusCode).toBe(200);
    host.signal('SIGTERM');
    const ready = await sample.app.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'stopping', checks: {} }]);
    const answer = await sample.app.inject({ url: '/v1/things', headers: sample.bearer() });
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
    expect(stops).toEqual([]);
    expect(await host.exited).toBe(0);
    expect(stops).toEqual(['stopped']);
  });

  test('exits with 1 when stopping takes too long, and at once on a second signal', async () => {
    const hang = () => new Promise<void>(() => undefined);
    const started = { name: 'sample', app: sample.app, stop: hang, listen };
    const slow = createHost();
    await runProcess('sample', async () => started, { host: slow, drainMs: 0, stopTimeoutMs: 20 });
    slow.signal('SIGTERM');
    expect(await slow.exited).toBe(1);
    await sample.app.close();
    sample = await startSample();
    const twice = createHost();
    await runProcess('sample', async () => ({ ...started, app: sample.app }), { host: twice, drainMs: 60_000 });
    twice.signal('SIGINT');
    twice.signal('SIGINT');
    expect(await twice.exited).toBe(1);
  });

  test('prints one line that names the bad variable, and exits with 1', async () => {
    const host = createHost();
    await runProcess('sample', () => Promise.reject(new ConfigError('PORT is missing')), { host });
    expect(await host.exited).toBe(1);
    expect(host.text()).toBe('sample: PORT is missing\n');
  });

  test('prints one line when its port is in use, and exits with 1', async () => {
    await sample.app.listen(listen);
    const port = portOf(sample.app);
    const other = await startSample();
    const host = createHost();
    const stop = async () => undefined;
    await runProcess('sample', async () => ({ name: 'sample', app: other.app, stop, listen: { ...listen, port } }), {
      host,
    });
    expect(await host.exited).toBe(1);
    expect(host.text()).toMatch(/^sample: listen EADDRINUSE[^\n]*\n$/);
    await other.app.close();
  });

  test('may be asked to stop while it starts', async () => {
    const host = createHost();
    void runProcess('sample', () => pause(1_000).then(() => Promise.reject(new Error('too late'))), { host });
    host.signal('SIGTERM');
    expect(await host.exited).toBe(0);
  });
});
