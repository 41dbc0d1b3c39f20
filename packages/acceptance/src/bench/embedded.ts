import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApi, dataOf } from '@smartserver/client';
import { freePort } from '@smartserver/stack';
import { generateSync } from 'otplib';
import { People } from '../system/people.ts';
import { type Figure, figure } from './figure.ts';

type Logins = { staff: { email: string; password: string; otpSecret: string } };

/** Proportional set size of a process and everything it started, MiB. Shared pages are counted once. */
function memory(root: number): number {
  const children = new Map<number, number[]>();
  for (const line of execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')) {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(tree)];
  const kibibytes = tree(root).map((pid) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0; // It ended in between.
    }
  });
  return kibibytes.reduce((sum, size) => sum + size, 0) / 1024;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}

/** `npm start` as a person does it, on an installed tree and with no data, until a license is active on a controller. */
async function ours(): Promise<{ seconds: number; mebibytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const port = await freePort();
  const started = performance.now();
  const environment = { ...process.env, PORT: String(port), DATA_DIR: join(folder, 'data'), RATE_LIMIT_SIGN_IN: '0' };
  const child = spawn(process.execPath, ['packages/stack/bin/run.mjs', 'start'], { env: environment, stdio: 'pipe' });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  try {
    while (!output.includes('Ready.')) {
      if (child.exitCode !== null) throw new Error(`npm start ended:\n${output}`);
      await sleep(5);
    }
    const api = createApi({ baseUrl: `http://127.0.0.1:${port}`, retries: 0 });
    const { staff } = JSON.parse(readFileSync(join(folder, 'data', 'demo-logins.json'), 'utf8')) as Logins;
    const body = { email: staff.email, password: staff.password, otp: generateSync({ secret: staff.otpSecret }) };
    const { accessToken } = await dataOf(api.POST('/v1/auth/login', { body }));
    const people = People.withStaffToken(api, accessToken);
    const partner = await people.partner();
    const { customerId } = await people.customer(partner, 1);
    const [license] = await people.assignedLicenses(partner, customerId, 1);
    const controller = await people.controller(customerId);
    await controller.activate([license?.licenseId ?? '']);
    const seconds = (performance.now() - started) / 1000;
    // What a system weighs that has worked and now waits.
    await sleep(5_000);
    return { seconds, mebibytes: memory(child.pid ?? 0) };
  } finally {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The least that could answer from a database: the same PostgreSQL made and started, one Fastify, one pool, one query. */
async function floor(): Promise<{ seconds: number; mebibytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const started = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-server.js'), folder], { stdio: 'pipe' });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  try {
    while (!output.includes('answered')) {
      if (child.exitCode !== null) throw new Error('The bare server ended.');
      await sleep(5);
    }
    const seconds = (performance.now() - started) / 1000;
    await sleep(5_000);
    return { seconds, mebibytes: memory(child.pid ?? 0) };
  } finally {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Cold start and memory of the whole embedded system. Lower is better: a ratio of 3 is three times the floor. */
export async function embeddedFigures(rounds: number): Promise<Figure[]> {
  const measured = [];
  for (let round = 0; round < rounds; round += 1) measured.push({ floor: await floor(), ours: await ours() });
  return [
    figure(
      'cold start to the first activation, no data yet',
      's',
      measured.map((pair) => ({ ours: pair.ours.seconds, floor: pair.floor.seconds })),
    ),
    figure(
      'memory of the whole embedded system, PostgreSQL included',
      'MiB',
      measured.map((pair) => ({ ours: pair.ours.mebibytes, floor: pair.floor.mebibytes })),
    ),
  ];
}
