import { issueRevocation, verifyRevocations } from '@smartserver/license-document';
import type { Command, Invocation } from '../command.ts';
import { KeysError } from '../errors.ts';
import { revocationsFile } from '../key-folder.ts';
import { openRootKey, rootPublicKey } from '../root-key.ts';

/** States that signing keys are not to be trusted any more. Final: every later statement names them again. */
export const revoke: Command = async (invocation) => {
  const { folder, terminal, positionals, now } = invocation;
  const known = folder.signingKeys();
  const chosen = positionals.map((wanted) => {
    const key = known.find(({ name, certificate }) => name === wanted || certificate.kid === wanted);
    if (!key) throw new KeysError('There is no certificate of such a signing key in this folder.');
    return key.certificate.kid;
  });
  const rootKey = await openRootKey(invocation);
  const former = formerStatement(invocation);
  const revokedKeyIds = [...new Set([...(former?.revokedKeyIds ?? []), ...chosen])];
  // The newest statement counts alone, so it must be the newest also when the clock of this computer runs behind.
  const issuedAt = new Date(Math.max(now().getTime(), (former?.issuedAt.getTime() ?? 0) + 1));
  folder.replace(revocationsFile, `${issueRevocation({ rootKey, revokedKeyIds, issuedAt })}\n`);
  terminal.out(`Revoked ${chosen.length}; ${revokedKeyIds.length} in all, as of ${issuedAt.toISOString()}.
  statement            ${folder.fileOf(revocationsFile)}

Give the activation service its text as LICENSE_KEY_REVOCATIONS: every document carries it from then on, and a gateway
that has seen it refuses whatever the revoked keys signed, of whatever date.`);
  if (known.every(({ certificate }) => revokedKeyIds.includes(certificate.kid))) {
    terminal.out('No signing key is left that is not revoked. Next: rotate');
  }
};

const formerStatement = (invocation: Invocation) => {
  const { folder } = invocation;
  const { rootKey: _, ...options } = invocation.options;
  const publicKey = rootPublicKey({ ...invocation, options });
  if (!folder.has(revocationsFile) || !publicKey) return null;
  return verifyRevocations(folder.read(revocationsFile).trim(), { rootPublicKey: publicKey });
};
