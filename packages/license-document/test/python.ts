import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const run = (program: string, args: string[], timeout = 60_000) =>
  spawnSync(program, args, { encoding: 'utf8', timeout });

const hasCryptography = (python: string) =>
  run(python, ['-c', 'from cryptography.hazmat.primitives.asymmetric import ed25519']).status === 0;

/**
 * A Python that has the package `cryptography`: the machine's, else (in CI) one in a fresh environment below `folder`.
 * @returns its path, or why there is none
 */
export const pythonWithCryptography = (folder: string): { python: string } | { missing: string } => {
  if (run('python3', ['--version']).status !== 0) return { missing: 'there is no python3 on this machine' };
  if (hasCryptography('python3')) return { python: 'python3' };
  if (!process.env.CI) return { missing: 'python3 lacks the package cryptography (pip install cryptography)' };
  if (run('python3', ['-m', 'venv', folder], 120_000).status !== 0)
    return { missing: 'python3 cannot make an environment' };
  const python = join(folder, 'bin/python');
  const installed = run(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'cryptography'],
    240_000,
  );
  if (installed.status === 0 && existsSync(python) && hasCryptography(python)) return { python };
  return { missing: `pip could not install cryptography: ${installed.stderr.trim().split('\n').at(-1) ?? ''}` };
};
