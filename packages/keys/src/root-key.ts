import type { KeyObject } from 'node:crypto';
import { exportPublicKey, importPrivateKey, importPublicKey } from '@smartserver/license-document';
import type { Invocation } from './command.ts';
import { KeysError } from './errors.ts';
import { readTextFile, rootKeyFile, rootPublicKeyFile } from './key-folder.ts';
import { passphraseFor } from './passphrase.ts';

const isEncrypted = (pem: string) => pem.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');

/**
 * Opens the private root key: `--root-key`, or the one in the folder.
 * @throws KeysError when it is not encrypted or not the one of the folder; KeyError when it cannot be opened
 */
export const openRootKey = async (invocation: Invocation): Promise<KeyObject> => {
  const { folder, options } = invocation;
  const file = options.rootKey ?? folder.fileOf(rootKeyFile);
  const pem = readTextFile(file);
  if (pem.includes('PRIVATE KEY-----') && !isEncrypted(pem)) {
    throw new KeysError(`The root key in ${file} is not encrypted. Encrypt it: openssl pkcs8 -topk8 -v2 aes-256-cbc`);
  }
  const rootKey = importPrivateKey(pem, isEncrypted(pem) ? await passphraseFor('root', invocation) : undefined);
  const publicKey = exportPublicKey(rootKey);
  if (!folder.has(rootPublicKeyFile)) folder.writeNew(rootPublicKeyFile, publicKey);
  if (!importPublicKey(folder.read(rootPublicKeyFile)).equals(importPublicKey(publicKey))) {
    throw new KeysError(`${file} is another root key than the one of this folder. Use a folder for each root key.`);
  }
  return rootKey;
};

/** The public root key: `--root-key` if that is a public one, else that of the folder; null when there is none. */
export const rootPublicKey = ({ folder, options }: Invocation): KeyObject | null => {
  if (options.rootKey !== undefined) return importPublicKey(readTextFile(options.rootKey));
  return folder.has(rootPublicKeyFile) ? importPublicKey(folder.read(rootPublicKeyFile)) : null;
};
