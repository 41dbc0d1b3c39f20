import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigner, importPrivateKey, importPublicKey } from '@smartserver/license-document';
import { runKeys } from '../src/run.ts';

export const secrets = {
  LICENSE_ROOT_PASSPHRASE: 'root: long and random',
  LICENSE_KEY_PASSPHRASE: 'signing: long and random',
};

/** The key folder of the test that runs. */
export let folder: string;
let now: Date;

/** Sets the clock of the next commands. */
export const setClock = (instant: string): void => {
  now = new Date(instant);
};

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'keys-')), 'license-keys');
  now = new Date('2026-03-01T08:00:00Z');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

type Run = { code: number; out: string; err: string };

export const keys = async (
  args: string[],
  env: NodeJS.ProcessEnv = secrets,
  typed: (string | null)[] = [],
): Promise<Run> => {
  const lines = { out: [] as string[], err: [] as string[] };
  const terminal = {
    out: (line: string) => lines.out.push(line),
    err: (line: string) => lines.err.push(line),
    askSecret: (question: string) => {
      lines.err.push(question);
      return Promise.resolve(typed.shift() ?? null);
    },
  };
  const code = await runKeys(['--folder', folder, ...args], { terminal, env, now: () => now });
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
};

export const done = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await keys(args);
  if (code !== 0) throw new Error(err);
  return out;
};

export const file = (name: string) => join(folder, name);
export const text = (name: string) => readFileSync(file(name), 'utf8');
export const names = (ending: string) => readdirSync(folder).filter((name) => name.endsWith(ending));
export const root = () => importPublicKey(text('root-public-key.pem'));

/** What the activation service makes of a key the command issued. */
export const signerOf = (name: string, revocations?: string) => {
  const signingKey = importPrivateKey(text(`${name}.pem`), secrets.LICENSE_KEY_PASSPHRASE);
  return createSigner({ signingKey, certificate: text(`${name}.cert`).trim(), revocations });
};

export const signingKeys = () => names('.cert').map((name) => name.replace('.cert', ''));
