import { exportPrivateKey, exportPublicKey, fingerprint, generateKey, keyId } from '@smartserver/license-document';
import type { Command } from '../command.ts';
import { KeysError } from '../errors.ts';
import { rootKeyFile, rootPublicKeyFile } from '../key-folder.ts';
import { newPassphraseFor } from '../passphrase.ts';

/** Makes the root key. Gateways carry its public half in their firmware, so there is one for many years. */
export const createRoot: Command = async (invocation) => {
  const { folder, terminal } = invocation;
  for (const name of [rootKeyFile, rootPublicKeyFile]) {
    if (folder.has(name)) throw new KeysError(`${folder.fileOf(name)} exists already and is not overwritten.`);
  }
  const passphrase = await newPassphraseFor('root', invocation);
  const rootKey = generateKey();
  // The private key first: a public key alone would look like a root key that was lost.
  folder.writeNew(rootKeyFile, exportPrivateKey(rootKey, passphrase));
  folder.writeNew(rootPublicKeyFile, exportPublicKey(rootKey));
  terminal.out(`Root key made.
  private, encrypted   ${folder.fileOf(rootKeyFile)}
  public               ${folder.fileOf(rootPublicKeyFile)}
  kid                  ${keyId(rootKey)}
  fingerprint          ${fingerprint(rootKey)}

Keep the private key and its passphrase offline, in separate places, each twice: nothing can be certified or revoked without them.
The public key goes into the firmware of the gateways; publish the fingerprint. Next: issue-signing-key`);
};
