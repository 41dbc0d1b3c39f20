import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import getPort from 'get-port';

const ROOT = resolve(import.meta.dirname, '../../../..');

export type Running = { url: string; stop(): Promise<void> };

/** Starts a built program of the house and waits until `isReady` says so of its address or output. */
const run = async (
  entry: string,
  args: string[],
  environment: NodeJS.ProcessEnv,
  isReady: (url: string, output: string) => Promise<boolean>,
): Promise<Running> => {
  for (const needed of [entry, 'services/portal/dist/index.html']) {
    if (!existsSync(join(ROOT, needed))) throw new Error(`${needed} is not built. Use npm test, which builds first.`);
  }
  const port = await getPort({ host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: ROOT,
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const stop = () => end(child);
  const deadline = Date.now() + 60_000;
  while (!(await isReady(url, output))) {
    if (child.exitCode === null && Date.now() < deadline) {
      await new Promise((done) => setTimeout(done, 50));
      continue;
    }
    await stop();
    throw new Error(`${entry} did not start:\n${output}`);
  }
  return { url, stop };
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 12_000);
  await exited;
  clearTimeout(timer);
};

const answers = (url: string): Promise<boolean> =>
  fetch(new URL('/healthz', url)).then(
    (answer) => answer.ok,
    () => false,
  );

export const CONTACT = 'EnOcean Customer Success, customer.success@enocean.example';

/** The gateway alone, for pages whose API is answered by the test. */
export const startGatewayAlone = (): Promise<Running> => {
  const nowhere = 'http://127.0.0.1:9';
  const services = ['ACCOUNT_URL', 'LICENSE_URL', 'ACTIVATION_URL', 'NOTIFICATION_URL'];
  const environment = {
    LOG_LEVEL: 'error',
    CUSTOMER_SUCCESS_CONTACT: CONTACT,
    ...Object.fromEntries(services.map((name) => [name, nowhere])),
  };
  return run('services/gateway/dist/main.js', [], environment, answers);
};

export type StaffLogin = { email: string; password: string; otpSecret: string };

/** The whole system, as `npm start` runs it, on data of its own. */
export const startSystem = async (): Promise<Running & { staff: StaffLogin }> => {
  const folder = mkdtempSync(join(tmpdir(), 'portal-system-'));
  const environment = { DATA_DIR: folder, CUSTOMER_SUCCESS_CONTACT: CONTACT };
  const isReady = async (_url: string, output: string) => output.includes('\nReady.');
  const system = await run('packages/stack/dist/main.js', ['--fresh'], environment, isReady);
  const { staff } = JSON.parse(readFileSync(join(folder, 'demo-logins.json'), 'utf8')) as { staff: StaffLogin };
  return {
    ...system,
    staff,
    stop: async () => {
      await system.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
