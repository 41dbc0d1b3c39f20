import { exportPrivateKey, fingerprint, generateKey, issueCertificate, keyId } from '@smartserver/license-document';
import type { Command, Invocation } from '../command.ts';
import { KeysError } from '../errors.ts';
import { revocationsFile, rootPublicKeyFile, type SigningKeyEntry } from '../key-folder.ts';
import { newPassphraseFor } from '../passphrase.ts';
import { openRootKey } from '../root-key.ts';

const dayMs = 86_400_000;
/** A server whose clock runs behind must be able to issue at once. */
const headStartMs = 3_600_000;

/** Makes a signing key and certifies it. */
export const issueSigningKey: Command = async (invocation) => {
  await issue(invocation);
};

/** Makes a signing key in the place of the one in use. Gateways notice nothing: the new certificate comes with the documents. */
export const rotate: Command = async (invocation) => {
  const { folder, terminal, options } = invocation;
  const former = folder.signingKeys();
  if (former.length === 0) throw new KeysError('There is no signing key to rotate. Use issue-signing-key.');
  await issue(invocation);
  const kept = former.filter(({ name }) => folder.has(`${name}.pem`));
  if (options.deleteFormer) for (const { name } of kept) folder.remove(`${name}.pem`);
  terminal.out(
    options.deleteFormer
      ? `Deleted here: the private keys of ${namesOf(kept)}. Their certificates stay, so that they can be revoked.`
      : `When the service uses the new key, destroy the private keys of ${namesOf(kept)}: here, there and in backups.`,
  );
  terminal.out('What the former keys signed stays valid. If one was stolen, revoke it.');
};

const issue = async (invocation: Invocation): Promise<void> => {
  const { folder, terminal, now, options } = invocation;
  const rootKey = await openRootKey(invocation);
  const passphrase = await newPassphraseFor('signing', invocation);
  const signingKey = generateKey();
  const notBefore = new Date(now().getTime() - headStartMs);
  const notAfter = new Date(now().getTime() + options.days * dayMs);
  const certificate = issueCertificate({ rootKey, signingKey, notBefore, notAfter });
  const kid = keyId(signingKey);
  const name = `signing-${now().toISOString().slice(0, 10)}-${kid.slice(0, 8)}`;
  folder.writeNew(`${name}.pem`, exportPrivateKey(signingKey, passphrase));
  folder.writeNew(`${name}.cert`, `${certificate}\n`);
  terminal.out(`Signing key made and certified.
  kid                  ${kid}
  fingerprint          ${fingerprint(signingKey)}
  certified            ${notBefore.toISOString()} to ${notAfter.toISOString()}

The activation service is given
  LICENSE_SIGNING_KEY          the text of ${folder.fileOf(`${name}.pem`)}
  LICENSE_KEY_PASSPHRASE       its passphrase
  LICENSE_SIGNING_CERTIFICATE  the text of ${folder.fileOf(`${name}.cert`)}
  LICENSE_ROOT_PUBLIC_KEY      the text of ${folder.fileOf(rootPublicKeyFile)}`);
  if (folder.has(revocationsFile)) {
    terminal.out(`  LICENSE_KEY_REVOCATIONS      the text of ${folder.fileOf(revocationsFile)}`);
  }
};

const namesOf = (entries: SigningKeyEntry[]) => entries.map(({ name }) => name).join(', ') || 'none';
