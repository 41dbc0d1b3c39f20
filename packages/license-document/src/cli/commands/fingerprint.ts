import { readOwnCertificate } from '../../certificate.ts';
import { fingerprint, importPublicKey, keyId } from '../../keys.ts';
import { readOwnRevocations } from '../../revocation.ts';
import type { Command, Invocation } from '../command.ts';
import { KeysError } from '../errors.ts';
import { readTextFile, revocationsFile, rootPublicKeyFile } from '../key-folder.ts';

/** Prints kid and fingerprint of a public key or certificate, or of every key of the folder. Needs no passphrase. */
export const printFingerprints: Command = async (invocation) => {
  const { terminal, positionals, folder } = invocation;
  for (const file of positionals) {
    const text = readTextFile(file);
    const key = text.startsWith('-----BEGIN') ? importPublicKey(text) : readOwnCertificate(text.trim()).publicKey;
    terminal.out(`${fingerprint(key)}  ${keyId(key)}  ${file}`);
  }
  if (positionals.length > 0) return;
  if (!folder.has(rootPublicKeyFile)) throw new KeysError(`There is no root key in ${folder.path}. Use create-root.`);
  const root = importPublicKey(folder.read(rootPublicKeyFile));
  terminal.out(`${fingerprint(root)}  ${keyId(root)}  root`);
  const revoked = revokedKeyIds(invocation);
  for (const { name, certificate } of folder.signingKeys()) {
    const { publicKey, kid, notAfter } = certificate;
    const state = revoked.includes(kid) ? 'REVOKED' : `certified until ${notAfter.toISOString()}`;
    terminal.out(`${fingerprint(publicKey)}  ${kid}  ${name}, ${state}`);
  }
};

const revokedKeyIds = ({ folder }: Invocation): string[] =>
  folder.has(revocationsFile) ? readOwnRevocations(folder.read(revocationsFile).trim()).revokedKeyIds : [];
