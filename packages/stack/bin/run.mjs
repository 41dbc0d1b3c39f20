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
const run = (program, args, { quiet = false, env = {} } = {}) =>
  new Promise((done) => {
    const child = spawn(program, args, {
      cwd: root,
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

/** The newest change below the sources; the build is stale when it is newer than the last one. */
const newestSource = () => {
  let newest = 0;
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else newest = Math.max(newest, statSync(path).mtimeMs);
    }
  };
  for (const group of ['packages', 'services']) {
    for (const name of readdirSync(join(root, group))) {
      const source = join(root, group, name, 'src');
      if (existsSync(source)) visit(source);
      for (const file of ['tsconfig.json', 'package.json']) {
        const path = join(root, group, name, file);
        if (existsSync(path)) newest = Math.max(newest, statSync(path).mtimeMs);
      }
    }
  }
  return Math.max(newest, statSync(join(root, 'tsconfig.base.json')).mtimeMs);
};

const build = async () => {
  const stamp = join(root, 'packages/stack/dist/.built');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newestSource()) return;
  await step('Building', () =>
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b'], { quiet: true }),
  );
  write(stamp, '');
};

const [name, ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) fail(`Unknown command. There are: ${Object.keys(commands).join(', ')}.`);
checkNode();
process.chdir(root);
await install();
if (command.build !== false) await build();
if (command.module) {
  // In this process: no second Node.js runtime in memory.
  process.argv = [process.argv[0], join(root, command.module), ...(command.args ?? []), ...args];
  await import(new URL(`../../../${command.module}`, import.meta.url).href);
} else {
  for (const [program, ...rest] of command.steps(args)) {
    const code = await run(process.execPath, [join(root, program), ...rest], { env: command.env });
    if (code !== 0) process.exit(code);
  }
}
