import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import getPort from 'get-port';

export type TestRedis = {
  url: string;
  port: number;
  /** Sends commands, as `flushall`, one after the other. */
  command(...words: string[]): Promise<string>;
  /** `kill -9`: what was not written to the append-only file is lost. */
  kill(): Promise<void>;
  /** On the same port and data as before. */
  start(): Promise<void>;
  /** Stops the process without ending it, as a machine that hangs would. */
  freeze(): void;
  thaw(): void;
  /** Folder of the append-only file. */
  folder: string;
  stop(): Promise<void>;
};

/** Whether Debian's `redis-server` is there: suites that need it say so when it is not. */
export const hasRedis = (): boolean => spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;

export const NO_REDIS = 'redis-server is not installed: apt-get install -y redis-server';

/** A Redis on a loopback port, set up as in production: noeviction, append-only file. */
export const startRedis = async (): Promise<TestRedis> => {
  if (!hasRedis()) throw new Error(NO_REDIS);
  const folder = mkdtempSync(join(tmpdir(), 'smartserver-redis-'));
  const port = await getPort({ host: '127.0.0.1' });
  let server: ChildProcess | null = null;
  // An interrupted test run stops nothing in order.
  const killWithThisProcess = () => server?.kill('SIGKILL');
  process.once('exit', killWithThisProcess);
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    save: '',
  };
  const start = async (): Promise<void> => {
    const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    server = spawn('redis-server', flags, { stdio: 'ignore' });
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await send(port, ['ping']).catch(() => '')).startsWith('+PONG')) return;
      await pause(25);
    }
    throw new Error('redis-server did not start');
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = server;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill(signal);
    await exited;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    command: (...words) => send(port, words),
    kill: () => end('SIGKILL'),
    start,
    freeze: () => server?.kill('SIGSTOP'),
    thaw: () => server?.kill('SIGCONT'),
    stop: async () => {
      await end('SIGKILL');
      process.off('exit', killWithThisProcess);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** The raw answer: enough for a test, and needs no client that reconnects by itself. */
const send = async (port: number, words: string[]): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(`${words.join(' ')}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString('utf8');
  } finally {
    socket.destroy();
  }
};
