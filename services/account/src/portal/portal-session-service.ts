import { type AnonymousContext, change, type Database, problem } from '@smartserver/service-kit';
import type { AccountTables } from '../db.ts';
import { findSignInLicense } from '../licenses/license-store.ts';
import { credentialIdempotency } from '../security/idempotency.ts';
import type { Secrets } from '../security/secrets.ts';
import type { OpenSession, SessionService } from '../sessions/session-service.ts';
import { actorOfLicense } from './customer.ts';
import type { PortalGuesses } from './portal-guess-service.ts';

export type PortalSessionDeps = {
  database: Database<AccountTables>;
  relay: { wake(): void };
  secrets: Secrets;
  portalGuesses: PortalGuesses;
};

/** Sign-in with a License ID. */
export class PortalSessionService {
  constructor(
    private readonly deps: PortalSessionDeps,
    private readonly sessions: SessionService,
  ) {}

  /**
   * The ID of a license that is unknown, in an inventory or revoked is refused alike, after the same work.
   * @param address where the request came from
   * @throws license_not_found, rate_limited
   */
  async open(licenseId: string, address: string, context: Pick<AnonymousContext, 'idempotency'>): Promise<OpenSession> {
    const { database, secrets, portalGuesses } = this.deps;
    const guess = await portalGuesses.count('license', address);
    const license = await findSignInLicense(database.kysely, licenseId);
    if (license === null) {
      const detail =
        'Check the License ID. It signs in once a SmartServer partner has transferred the license to a customer.';
      throw problem('license_not_found', { detail });
    }
    const idempotency = credentialIdempotency(secrets, context.idempotency, `portal-session:${licenseId}`);
    const opened = await change(this.deps, idempotency, (trx) =>
      this.sessions.open(trx, { kind: 'license', ...license }, actorOfLicense(licenseId)),
    );
    await guess.takeBack();
    return opened;
  }
}
