import { change, problem } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { credentialIdempotency, type PublicContext } from '../security/secrets.ts';
import { type OpenSession, openSession } from '../sign-in/session.ts';
import { actorOfLicense, findSignInLicense } from '../sign-in/subject.ts';
import { countPortalGuess } from './guesses.ts';

/**
 * Signs in with a License ID. The ID of a license that is unknown, in an inventory or revoked is refused alike, after the same work.
 * @param address where the request came from
 * @throws license_not_found, rate_limited
 */
export const signInWithLicenseId = async (
  deps: Deps,
  context: PublicContext,
  licenseId: string,
  address: string,
): Promise<OpenSession> => {
  const guess = await countPortalGuess(deps, 'license', address);
  const license = await findSignInLicense(deps.database.kysely, licenseId);
  if (license === null) {
    const detail =
      'Check the License ID. It signs in once a SmartServer partner has transferred the license to a customer.';
    throw problem('license_not_found', { detail });
  }
  const idempotency = credentialIdempotency(deps, context, `portal-session:${licenseId}`);
  const opened = await change(deps, idempotency, (trx) =>
    openSession(trx, deps, { kind: 'license', ...license }, actorOfLicense(licenseId)),
  );
  await guess.takeBack();
  return opened;
};
