import type { Invocation } from './command.ts';
import { KeysError } from './errors.ts';
import { readTextFile } from './key-folder.ts';

/** Which passphrase: of the root key, or of signing keys. The second variable is the one the activation service reads. */
const kinds = {
  root: { what: 'root key', variable: 'LICENSE_ROOT_PASSPHRASE', option: 'rootPassphraseFile' },
  signing: { what: 'signing key', variable: 'LICENSE_KEY_PASSPHRASE', option: 'signingPassphraseFile' },
} as const;

/** OpenSSL stretches passphrases little, so that length has to do it. */
const minimumLength = 16;

/** Passphrase that opens a key: from its file, its variable or a prompt, in this order. @throws KeysError */
export const passphraseFor = async (kind: keyof typeof kinds, invocation: Invocation): Promise<string> =>
  (await find(kind, invocation)).passphrase;

/** Passphrase for a key that is being made: typed twice if typed, and never a short one. @throws KeysError */
export const newPassphraseFor = async (kind: keyof typeof kinds, invocation: Invocation): Promise<string> => {
  const { passphrase, typed } = await find(kind, invocation);
  if (passphrase.length < minimumLength) {
    throw new KeysError(`The passphrase of a ${kinds[kind].what} needs at least ${minimumLength} characters.`);
  }
  if (typed && (await invocation.terminal.askSecret('The same again: ')) !== passphrase) {
    throw new KeysError('These were two different passphrases.');
  }
  return passphrase;
};

const find = async (kind: keyof typeof kinds, { options, env, terminal }: Invocation) => {
  const { what, variable, option } = kinds[kind];
  const file = options[option];
  if (file !== undefined) return { passphrase: readTextFile(file).replace(/\r?\n$/, ''), typed: false };
  const value = env[variable];
  if (value) return { passphrase: value, typed: false };
  const answer = await terminal.askSecret(`Passphrase of the ${what}: `);
  if (answer) return { passphrase: answer, typed: true };
  const flag = option === 'rootPassphraseFile' ? '--root-passphrase-file' : '--signing-passphrase-file';
  throw new KeysError(`The passphrase of the ${what} is missing: type it, set ${variable}, or give ${flag} FILE.`);
};
