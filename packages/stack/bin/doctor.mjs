// `npm run doctor`: what this machine has, and what is missing for what. Plain JavaScript without dependencies: it runs before anything
// is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { freemem, platform } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const GIB = 2 ** 30;

/** Output of a program, null where it is not there or fails. */
const output = (program, ...args) => {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? stdout.trim().split('\n')[0] : null;
};

const portIsFree = (port) =>
  new Promise((done) => {
    const server = createServer()
      .once('error', () => done(false))
      .listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

const nodeIsNew = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19);
};

const port = Number(process.env.PORT ?? 8080);
const disk = statfsSync(root);
const freeDisk = (disk.bavail * disk.bsize) / GIB;
const redis = output('redis-server', '--version');
const chromium = output('chromium', '--version') ?? output('chromium-browser', '--version');
const docker = output('docker', 'info', '--format', '{{.ServerVersion}}');
const git = output('git', '--version');
const hooks = existsSync(resolve(root, '.git/hooks/pre-commit'));

/** What is looked at, whether it is there, what it is for, and what to do when it is not. `must`: nothing works without it. */
const checks = [
  {
    name: 'Node.js',
    found: nodeIsNew(),
    is: process.versions.node,
    for: 'everything',
    advice: 'Install Node.js 20.19 or newer.',
    must: true,
  },
  {
    name: 'npm',
    found: output('npm', '--version') !== null || platform() === 'win32',
    is: output('npm', '--version') ?? '',
    for: 'everything',
    advice: 'Install npm; it comes with Node.js.',
    must: true,
  },
  {
    name: 'disk',
    found: freeDisk >= 2,
    is: `${freeDisk.toFixed(1)} GiB free`,
    for: 'dependencies, data and tests: 2 GiB',
    advice: 'Free some disk space.',
    must: true,
  },
  {
    name: 'memory',
    found: freemem() / GIB >= 1,
    is: `${(freemem() / GIB).toFixed(1)} GiB free`,
    for: 'npm start: 1 GiB; npm test: 4 GiB',
    advice: 'Close other programs.',
  },
  {
    name: `port ${port}`,
    found: await portIsFree(port),
    is: 'free',
    for: 'npm start, npm run dev',
    advice: `Stop what uses it, or choose another: PORT=${port + 1} npm start`,
  },
  {
    name: 'port 5173',
    found: await portIsFree(5173),
    is: 'free',
    for: 'npm run dev: pages of the portal',
    advice: 'Stop what uses it, or choose another: PORTAL_PORT=5174 npm run dev',
  },
  {
    name: 'Redis',
    found: redis !== null,
    is: redis ?? '',
    for: 'npm run start:services, and the tests of the queues on Redis',
    advice: 'Install redis-server 7 or newer.',
  },
  {
    name: 'Chromium',
    found: chromium !== null,
    is: chromium ?? '',
    for: 'the tests of pages and e-mails in a browser',
    advice: 'Install the package chromium.',
  },
  {
    name: 'Docker engine',
    found: docker !== null,
    is: docker ?? '',
    for: 'docker compose, npm run test:containers',
    advice: 'Install Docker, start its engine, and let this user use it.',
  },
  {
    name: 'git',
    found: git !== null,
    is: git ?? '',
    for: 'contributing',
    advice: 'Install git.',
  },
  {
    name: 'pre-commit check',
    found: hooks,
    is: 'installed',
    for: 'contributing: format, lint and types of what is committed',
    advice: 'npx lefthook install',
  },
];

for (const check of checks) {
  const mark = check.found ? 'ok     ' : check.must ? 'MISSING' : 'missing';
  console.log(`${mark}  ${check.name.padEnd(17)} ${check.found ? check.is : `for ${check.for}. ${check.advice}`}`);
}
process.exitCode = checks.every((check) => check.found || !check.must) ? 0 : 1;
