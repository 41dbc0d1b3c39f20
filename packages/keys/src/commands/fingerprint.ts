import type { KeyObject } from 'node:crypto';
import {
  fingerprint,
  importPublicKey,
  keyId,
  readOwnCertificate,
  readOwnRevocations,
} from '@smartserver/license-document';
import type { Command, Invocation } from '../command.ts';
import { KeysError } from '../errors.ts';
import { readTextFile, revocationsFile, rootPublicKeyFile } from '../key-folder.ts';

type Line = {
  fingerprint: string;
  kid: string;
  file?: string;
  name?: string;
  certifiedUntil?: Date;
  revoked?: boolean;
};

/** Prints kid and fingerprint of public keys and certificates, or of every key of the folder. Needs no passphrase. */
export const printFingerprints: Command = async (invocation) => {
  const { terminal, positionals, options } = invocation;
  const lines = positionals.length > 0 ? positionals.map(lineOfFile) : linesOfFolder(invocation);
  if (options.json) terminal.out(JSON.stringify({ keys: lines }, null, 2));
  else for (const line of lines) terminal.out(inWords(line));
};

const lineOfFile = (file: string): Line => {
  const text = readTextFile(file);
  const key = text.startsWith('-----BEGIN') ? importPublicKey(text) : readOwnCertificate(text.trim()).publicKey;
  return { ...identityOf(key), file };
};

const linesOfFolder = (invocation: Invocation): Line[] => {
  const { folder } = invocation;
  if (!folder.has(rootPublicKeyFile)) throw new KeysError(`There is no root key in ${folder.path}. Use create-root.`);
  const root = importPublicKey(folder.read(rootPublicKeyFile));
  const revoked = revokedKeyIds(invocation);
  const signingKeys = folder.signingKeys().map(({ name, certificate: { publicKey, kid, notAfter } }) => ({
    ...identityOf(publicKey),
    name,
    certifiedUntil: notAfter,
    revoked: revoked.includes(kid),
  }));
  return [{ ...identityOf(root), name: 'root' }, ...signingKeys];
};

const identityOf = (key: KeyObject) => ({ fingerprint: fingerprint(key), kid: keyId(key) });

const inWords = ({ fingerprint, kid, file, name, certifiedUntil, revoked }: Line): string => {
  const state = revoked ? 'REVOKED' : `certified until ${certifiedUntil?.toISOString()}`;
  return `${fingerprint}  ${kid}  ${file ?? name}${certifiedUntil ? `, ${state}` : ''}`;
};

const revokedKeyIds = ({ folder }: Invocation): string[] =>
  folder.has(revocationsFile) ? readOwnRevocations(folder.read(revocationsFile).trim()).revokedKeyIds : [];
