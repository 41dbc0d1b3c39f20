import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
const program = join(root, 'packages/cms/dist/main.js');

/** Builds the command line, as far as it is stale: for tests that need a process of its own. */
export const buildCms = (): void => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/cms'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`The command line does not build:\n${stdout}`);
};

export type Ending = { status: number | null; signal: string | null; out: string; err: string };

/** Runs the built command line. @param within a program and arguments that it runs under, such as `unshare -n` */
export const runBuilt = (
  args: readonly string[],
  {
    env = {},
    preload,
    within = [],
  }: { env?: Record<string, string>; preload?: string; within?: readonly string[] } = {},
): Ending => {
  const loaded = preload === undefined ? [] : ['--import', join(root, 'packages/cms/test', preload)];
  const [command = '', ...rest] = [...within, process.execPath, ...loaded, program, ...args];
  const { status, signal, stdout, stderr } = spawnSync(command, rest, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...env },
    timeout: 60_000,
  });
  return { status, signal, out: stdout, err: stderr };
};

/** Whether this machine lets a test cut the network or mount a disk of its own. */
export const hasNamespaces = spawnSync('unshare', ['-n', '-m', 'true']).status === 0;
if (!hasNamespaces)
  process.stdout.write(
    'not run: the command line with its network cut and on a full disk (unshare -n -m is refused)\n',
  );
