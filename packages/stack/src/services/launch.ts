import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import type { StackSecrets } from '../data-folder.ts';
import type { DatabaseName } from '../databases.ts';
import { serviceEnvironments } from '../environment.ts';
import { ManagedProcess } from './managed-process.ts';

export type LaunchOptions = {
  databases: Record<DatabaseName, string>;
  queueUrl: string;
  smtpUrl: string;
  secrets: StackSecrets;
  gateway: { host: string; port: number };
  /** Several processes of one service, each behind a gateway of its own. Default 1. */
  replicas?: number;
  /** Environment on top of what the stack gives. */
  environment?: NodeJS.ProcessEnv;
  onLine: (name: string, line: string) => void;
};

export type LaunchedServices = {
  processes: ManagedProcess[];
  gateways: ManagedProcess[];
  /** Invites the first Customer Success user with account's own command; resolves with the invitation token. */
  inviteStaff(email: string): Promise<string>;
  /** Stops everything in order: gateways first, so that nothing is accepted that could not be finished. */
  stop(): Promise<void>;
};

const SERVICES = ['account', 'license', 'activation', 'notification'] as const;
const entry = (name: string): string => resolve(import.meta.dirname, '../../../../services', name, 'dist/main.js');

/** A port that is free; not given out again before the one who asked listens on it. */
export const freePort = (): Promise<number> => getPort({ host: '127.0.0.1' });

/** Runs the migrations of every service, each in a process, as a deployment does. */
export async function migrateAll(options: Pick<LaunchOptions, 'databases' | 'secrets' | 'onLine'>): Promise<void> {
  const environments = serviceEnvironments({ ...options, queueUrl: '', jwksUrl: '', smtpUrl: '', publicUrl: '' });
  await Promise.all(
    SERVICES.map(async (name) => {
      const job = new ManagedProcess({
        name: `${name} migration`,
        entry: entry(name),
        args: ['migrate'],
        environment: environments[name],
        url: '',
        onLine: (line) => options.onLine(name, line),
      });
      const child = job.spawn();
      const code = await new Promise((resolve) => child.once('exit', resolve));
      if (code !== 0) throw new Error(`The migration of ${name} failed.`);
    }),
  );
}

/** Starts every service and the gateways as separate processes, and waits until all are ready. */
export async function launchServices(options: LaunchOptions): Promise<LaunchedServices> {
  const replicas = options.replicas ?? 1;
  const processes: ManagedProcess[] = [];
  const gateways: ManagedProcess[] = [];
  const accountPort = await freePort();
  const jwksUrl = `http://127.0.0.1:${accountPort}/.well-known/jwks.json`;
  const publicUrl = `http://127.0.0.1:${options.gateway.port}`;
  const environments = serviceEnvironments({ ...options, jwksUrl, publicUrl });

  const manage = (name: string, kind: string, port: number, environment: NodeJS.ProcessEnv, host = '127.0.0.1') =>
    new ManagedProcess({
      name,
      entry: entry(kind),
      environment: { ...environment, ...options.environment, HOST: host, PORT: String(port) },
      url: `http://127.0.0.1:${port}`,
      onLine: (line) => options.onLine(name, line),
    });

  for (let replica = 0; replica < replicas; replica += 1) {
    const urls: NodeJS.ProcessEnv = {};
    for (const name of SERVICES) {
      const port = name === 'account' && replica === 0 ? accountPort : await freePort();
      const label = replica === 0 ? name : `${name}-${replica + 1}`;
      processes.push(manage(label, name, port, environments[name]));
      urls[`${name.toUpperCase()}_URL`] = `http://127.0.0.1:${port}`;
    }
    const port = replica === 0 ? options.gateway.port : await freePort();
    const label = replica === 0 ? 'gateway' : `gateway-${replica + 1}`;
    const environment = { ...process.env, LOG_LEVEL: 'warn', JWKS_URL: jwksUrl, ...urls };
    gateways.push(manage(label, 'gateway', port, environment, options.gateway.host));
  }

  const inviteStaff = async (email: string) => {
    const args = [entry('account'), 'create-staff', '--email', email];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: environments.account });
    // The last line is the token alone.
    return stdout.trim().split('\n').at(-1) ?? '';
  };
  const stop = async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await Promise.all(processes.map((process) => process.stop()));
  };
  try {
    for (const process of [...processes, ...gateways]) process.spawn();
    await Promise.all([...processes, ...gateways].map((process) => process.ready()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { processes, gateways, inviteStaff, stop };
}
