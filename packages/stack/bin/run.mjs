#!/usr/bin/env node
// Entry of every `npm run …`: needs nothing but Node.js and npm. Brings pnpm, installs what the lock file says, builds what is
// stale, then runs the command. Plain JavaScript without dependencies, because nothing is installed yet when it starts.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from './commands.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const PNPM = 'pnpm@12.21.0';
const [MAJOR, MINOR] = [20, 19];

const fail = (message) => {
  console.error(message);
  process.exit(1);
};

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MAJOR || (major === MAJOR && minor < MINOR)) {
    fail(
      `Node.js ${MAJOR}.${MINOR} or newer is needed; this is ${process.versions.node}. Install a current Node.js and try again.`,
    );
  }
};

/** Runs a program in the project's root; resolves with its exit code. Signals of a terminal reach the child by themselves. */
const run = (program, args, { quiet = false, env = {}, cwd = root } = {}) =>
  new Promise((done) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: process.platform === 'win32',
    });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
    const forward = (signal) => child.kill(signal);
    process.on('SIGTERM', forward);
    process.on('SIGINT', () => {});
    child.on('error', (error) => fail(`Cannot run ${program}: ${error.message}`));
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', forward);
      if (quiet && code !== 0) console.error(Buffer.concat(output).toString());
      done(code ?? (signal ? 1 : 0));
    });
  });

const step = async (text, work) => {
  process.stdout.write(`${text} …`);
  const started = Date.now();
  const code = await work();
  process.stdout.write(code === 0 ? ` ${((Date.now() - started) / 1000).toFixed(1)} s\n` : '\n');
  if (code !== 0) fail(`${text} failed; what it printed is above.`);
};

const write = (file, text) => {
  try {
    writeFileSync(file, text);
  } catch (error) {
    fail(
      `Cannot write to ${root}: ${error.code === 'ENOSPC' ? 'the disk is full' : error.message}. Free or unlock it and try again.`,
    );
  }
};

const install = async () => {
  const stamp = join(root, 'node_modules/.installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(process.versions.modules)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await step('Installing dependencies (once; a few minutes on a slow line)', () =>
    run('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], {
      quiet: true,
      env: { CI: 'true', npm_config_loglevel: 'error' },
    }),
  );
  write(stamp, wanted);
};

/** The newest change of a file, or below a folder; nothing counts that is not there. */
const newest = (path) => {
  if (!existsSync(path)) return 0;
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
};

const isStale = (stamp, sources) => !existsSync(stamp) || statSync(stamp).mtimeMs < Math.max(...sources.map(newest));

const PORTAL = join(root, 'services/portal');

/** Builds what is older than its sources: the services first, then the pages of the portal. */
const build = async () => {
  const folders = ['packages', 'services'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  );
  const sources = folders
    .filter((folder) => folder !== PORTAL)
    .flatMap((folder) => ['src', 'tsconfig.json', 'package.json'].map((name) => join(folder, name)));
  const built = join(root, 'packages/stack/dist/.built');
  if (isStale(built, [...sources, join(root, 'tsconfig.base.json')])) {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    await step('Building', () => run(process.execPath, [compiler, '-b'], { quiet: true }));
    write(built, '');
  }
  const pages = join(PORTAL, 'dist/.built');
  const pageSources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json'].map((name) =>
    join(PORTAL, name),
  );
  if (isStale(pages, pageSources)) {
    const vite = join(PORTAL, 'node_modules/vite/bin/vite.js');
    await step('Building the portal', () => run(process.execPath, [vite, 'build'], { quiet: true, cwd: PORTAL }));
    write(pages, '');
  }
};

const [name, ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) fail(`Unknown command. There are: ${Object.keys(commands).join(', ')}.`);
checkNode();
process.chdir(root);
if (command.install !== false) await install();
if (command.install !== false && command.build !== false) await build();
if (command.module) {
  // In this process: no second Node.js runtime in memory.
  process.argv = [process.argv[0], join(root, command.module), ...(command.args ?? []), ...args];
  await import(new URL(`../../../${command.module}`, import.meta.url).href);
} else {
  // One that fails does not keep the others from saying what they found.
  for (const [program, ...rest] of command.steps(args)) {
    const code = await run(process.execPath, [join(root, program), ...rest], { env: command.env });
    process.exitCode ||= code;
  }
}
