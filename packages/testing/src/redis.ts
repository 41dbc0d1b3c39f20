import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import getPort from 'get-port';
import { type ContainerServer, onContainers, startContainer } from './containers.ts';

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
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Folder of the append-only file. */
  folder: string;
  stop(): Promise<void>;
};

/** Whether a Redis can be started: Debian's `redis-server` is there, or containers are used. Suites that need one say so when not. */
export const hasRedis = (): boolean =>
  onContainers() || spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;

export const NO_REDIS = 'redis-server is not installed: apt-get install -y redis-server';

/** What runs a Redis: a process of this machine, or a container. */
type Server = Pick<ContainerServer, 'start' | 'kill' | 'freeze' | 'thaw' | 'remove'>;

/** As in production: noeviction, append-only file. */
const SETTINGS = { appendonly: 'yes', appendfsync: 'everysec', 'maxmemory-policy': 'noeviction', save: '' };

const flagsOf = (settings: Record<string, string>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);

/** A Redis on a loopback port. */
export const startRedis = async (): Promise<TestRedis> => {
  if (!hasRedis()) throw new Error(NO_REDIS);
  const folder = mkdtempSync(join(tmpdir(), 'smartserver-redis-'));
  const { port, server } = await (onContainers() ? inContainer(folder) : asProcess(folder));
  const ready = async (): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while (!(await send(port, ['ping'], 1_000).catch(() => '')).startsWith('+PONG')) {
      if (Date.now() > deadline) throw new Error('redis-server did not start');
      await pause(25);
    }
  };
  await ready();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    command: (...words) => send(port, words),
    kill: () => server.kill('SIGKILL'),
    start: async () => {
      await server.start();
      await ready();
    },
    freeze: server.freeze,
    thaw: server.thaw,
    stop: async () => {
      await server.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const inContainer = async (folder: string): Promise<{ port: number; server: Server }> => {
  const server = await startContainer('redis', 6379, (container) =>
    container
      // The files belong to the user of the test, who may then cut them.
      .withUser(`${process.getuid?.()}:${process.getgid?.()}`)
      .withBindMounts([{ source: folder, target: '/data', mode: 'rw' }])
      .withCommand(['redis-server', ...flagsOf(SETTINGS)]),
  );
  return { port: server.port, server };
};

const asProcess = async (folder: string): Promise<{ port: number; server: Server }> => {
  const port = await getPort({ host: '127.0.0.1' });
  let child: ChildProcess | null = null;
  // An interrupted test run stops nothing in order.
  const killWithThisProcess = () => child?.kill('SIGKILL');
  process.once('exit', killWithThisProcess);
  const start = async (): Promise<void> => {
    const flags = flagsOf({ port: String(port), bind: '127.0.0.1', dir: folder, ...SETTINGS });
    child = spawn('redis-server', flags, { stdio: 'ignore' });
  };
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill(signal);
    await exited;
  };
  await start();
  const remove = async (): Promise<void> => {
    await kill('SIGKILL');
    process.off('exit', killWithThisProcess);
  };
  return {
    port,
    server: {
      start,
      kill,
      freeze: async () => void child?.kill('SIGSTOP'),
      thaw: async () => void child?.kill('SIGCONT'),
      remove,
    },
  };
};

/** The raw answer: enough for a test, and needs no client that reconnects by itself. @throws when there is none in time */
const send = async (port: number, words: string[], timeoutMs = 10_000): Promise<string> => {
  const signal = AbortSignal.timeout(timeoutMs);
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect', { signal });
    socket.write(`${words.join(' ')}\r\n`);
    const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
    return answer.toString('utf8');
  } finally {
    socket.destroy();
  }
};
