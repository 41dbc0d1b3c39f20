import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { Client } from 'pg';
import { choosePlace, type Place } from './place.ts';

export type ClusterOptions = {
  /** Where the data should lie. See `choosePlace` for where it goes when root's PostgreSQL cannot reach that. */
  dataDirectory: string;
  /** Password of the superuser `postgres`. */
  password: string;
  /** A free one when absent. */
  port?: number;
  /** Server settings on top of the built-in ones, e.g. `{ fsync: 'off' }`. */
  settings?: Record<string, string>;
  /** Deletes the data at `stop()`. Default false. */
  temporary?: boolean;
};

const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 8_000;

/** Small: five services and their queue on a laptop. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  log_min_messages: 'warning',
  timezone: 'UTC',
};

/** A PostgreSQL server of this project's own: made where it is missing, started, stopped, or killed and started again by tests. */
export class EmbeddedPostgres {
  readonly place: Place;
  private readonly options: ClusterOptions;
  private child: ChildProcess | null = null;
  private port: number;

  constructor(options: ClusterOptions) {
    this.options = options;
    this.port = options.port ?? 0;
    this.place = choosePlace(options.dataDirectory);
  }

  /** Whether there is a cluster already, which `start()` then goes on with. */
  get exists(): boolean {
    return existsSync(join(this.data, 'PG_VERSION'));
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Superuser connection to a database of this cluster. */
  url(database = 'postgres'): string {
    return `postgres://postgres:${encodeURIComponent(this.options.password)}@127.0.0.1:${this.port}/${database}`;
  }

  /** @throws with one line that names what PostgreSQL said, when it cannot start */
  async start(): Promise<void> {
    if (this.exists) await this.stopLeftover();
    else await this.initialise();
    this.port ||= await getPort({ host: '127.0.0.1' });
    const settings = { ...SETTINGS, port: String(this.port), ...this.options.settings };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const log = openSync(this.logFile, 'a');
    // A process group of its own: Ctrl-C must not stop the database under services that still finish their work.
    this.child = spawn(this.binary('postgres'), ['-D', this.data, ...flags], {
      ...this.spawnOptions(),
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    await this.answers(this.child);
  }

  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => void this.kill('SIGQUIT'), STOP_WITHIN_MS);
    await this.kill('SIGINT');
    clearTimeout(timer);
    if (this.options.temporary) await this.destroy();
  }

  /** Removes the cluster for good, also one that a killed process left running. */
  async destroy(): Promise<void> {
    await this.kill('SIGQUIT');
    if (this.exists) await this.stopLeftover();
    rmSync(this.data, { recursive: true, force: true });
    rmSync(this.logFile, { force: true });
  }

  /** Sends a signal to the server and waits for its end; `SIGQUIT` is an immediate stop, as a crash would be. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  private get data(): string {
    return this.place.data;
  }

  private get logFile(): string {
    return `${this.data}.log`;
  }

  private binary(name: string): string {
    return join(this.place.binaries, 'bin', name);
  }

  private spawnOptions() {
    return { cwd: '/', env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' }, ...this.place.owner };
  }

  private run(program: string, args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(this.binary(program), args, this.spawnOptions(), (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const said =
          stderr
            .trim()
            .split('\n')
            .find((line) => /error|fatal|could not/i.test(line)) ?? error.message;
        reject(new Error(`PostgreSQL's ${program} failed: ${said.replace(/^.*?(?=FATAL|ERROR|error:)/, '')}`));
      });
    });
  }

  /** Made beside its final name and renamed: an interrupted start leaves no half cluster. */
  private async initialise(): Promise<void> {
    const fresh = `${this.data}.new`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true, mode: 0o700 });
    const passwordFile = join(fresh, 'password');
    writeFileSync(passwordFile, this.options.password, { mode: 0o600 });
    const cluster = join(fresh, 'cluster');
    if (this.place.owner)
      for (const path of [fresh, passwordFile]) chownSync(path, this.place.owner.uid, this.place.owner.gid);
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    await this.run('initdb', ['--pgdata', cluster, ...access, ...locale, '--no-instructions']);
    rmSync(this.data, { recursive: true, force: true });
    renameSync(cluster, this.data);
    rmSync(fresh, { recursive: true, force: true });
  }

  /** A start that was killed leaves its server running on the same data: that one is stopped first. */
  private async stopLeftover(): Promise<void> {
    const running = await this.run('pg_ctl', ['status', '-D', this.data])
      .then(() => true)
      .catch(() => false);
    if (running) await this.run('pg_ctl', ['stop', '-D', this.data, '-m', 'fast', '-w', '-t', '20']);
  }

  private async answers(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_WITHIN_MS;
    while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
      const client = new Client({ connectionString: this.url(), connectionTimeoutMillis: 2_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.end();
        return;
      } catch {
        await sleep(30);
      }
    }
    throw new Error(
      `PostgreSQL did not start. It said: ${readFileSync(this.logFile, 'utf8').trim().split('\n').at(-1) ?? ''}`,
    );
  }
}
