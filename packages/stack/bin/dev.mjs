// `npm run dev`: the whole system from its sources. A change of a file restarts it within a few seconds, with its data; pages of the
// portal are replaced in the browser. Types are not checked here: `npm run types`, or the editor.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const PORT = process.env.PORT ?? '8080';
const PORTAL_PORT = process.env.PORTAL_PORT ?? '5173';
/** Editors write a file in several steps, and a change of branch writes many files. */
const SETTLE_MS = 150;

const start = (name, args, { cwd = root, env = {} } = {}) => {
  const child = spawn(process.execPath, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  child.on('exit', (code) => {
    if (!stopping && child !== replaced)
      console.error(`${name} ended with ${code}: mend it and save, or stop with Ctrl-C.`);
  });
  return child;
};

const startSystem = () =>
  start(
    'The system',
    [
      '--conditions=source',
      '--import',
      'tsx',
      'packages/stack/src/main.ts',
      ...process.argv.slice(2).filter((arg) => !restarted || arg !== '--fresh'),
    ],
    { env: { PORT, TSX_TSCONFIG_PATH: join(root, 'tsconfig.tests.json') } },
  );

let stopping = false;
let restarted = false;
let replaced = null;
let system = startSystem();
const vite = join(root, 'services/portal/node_modules/vite/bin/vite.js');
const portal = start('The portal', [vite, '--port', PORTAL_PORT, '--strictPort', '--clearScreen', 'false'], {
  cwd: join(root, 'services/portal'),
  env: { GATEWAY_URL: `http://127.0.0.1:${PORT}` },
});

const ended = (child) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((done) => child.once('exit', done));

let restarting = Promise.resolve();
const restart = (path) => {
  restarting = restarting.then(async () => {
    if (stopping) return;
    console.log(`\n${path} has changed: starting again …`);
    restarted = true;
    replaced = system;
    system.kill('SIGTERM');
    await ended(system);
    if (!stopping) system = startSystem();
  });
};

let timer;
const onChange = (group) => (_event, path) => {
  const isSource = path !== null && /\/(src|migrations)\//.test(path) && /\.(ts|tsx|sql)$/.test(path);
  // The portal's pages are vite's, tests are nobody's.
  if (!isSource || /^portal\/|\.test\.ts$/.test(path)) return;
  clearTimeout(timer);
  timer = setTimeout(() => restart(`${group}/${path}`), SETTLE_MS);
};
for (const group of ['packages', 'services']) watch(join(root, group), { recursive: true }, onChange(group));

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    if (stopping) process.exit(1);
    stopping = true;
    for (const child of [system, portal]) child.kill('SIGTERM');
    await Promise.all([ended(system), ended(portal)]);
    process.exit(0);
  });
}
