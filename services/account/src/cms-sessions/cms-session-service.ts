import { CMS_SCOPES, type CreateCmsSessionRequest } from '@smartserver/contracts';
import { ProofError, type VerifiedDeviceProof, verifyDeviceProof } from '@smartserver/license-document';
import { type Clock, change, type Database, type Ids, problem, type RequestContext } from '@smartserver/service-kit';
import { findAnyCustomer } from '../customers/customer-store.ts';
import type { AccountTables } from '../db.ts';
import type { TokenContent } from '../keys/token-signer.ts';
import { credentialIdempotency } from '../security/idempotency.ts';
import type { Secrets } from '../security/secrets.ts';
import { findController, useProof } from './cms-session-store.ts';
import { readDeviceClaim, refusalOf } from './device-claim.ts';

export type CmsSessionDeps = {
  database: Database<AccountTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  secrets: Secrets;
};

export type OpenCmsSession = TokenContent & { customerName: string };

/** Sessions of the CMS Owner on a SmartServer, opened with a proof by the controller's device key. */
export class CmsSessionService {
  constructor(private readonly deps: CmsSessionDeps) {}

  /**
   * What account knows of the controller may be a moment old, so this refuses early; activation, which decides what is on a
   * controller, checks key and account of the token again in its own statements. [domain.md rule 13]
   * @throws device_proof_invalid, owner_required, device_clock_wrong, customer_not_found, controller_in_use
   */
  async open(request: CreateCmsSessionRequest, context: Pick<RequestContext, 'idempotency'>): Promise<OpenCmsSession> {
    const { clock, database, ids, secrets } = this.deps;
    const now = clock.now();
    const claim = readDeviceClaim(readProof(request.proof), request, now);
    if ('refusal' in claim) throw problem(claim.refusal);
    const customer = await findAnyCustomer(database.kysely, claim.customerId);
    if (customer === null) throw problem('customer_not_found');
    const refusal = refusalOf(claim, await findController(database.kysely, claim.installCode));
    if (refusal !== null) throw problem(refusal);

    const idempotency = credentialIdempotency(secrets, context.idempotency, `cms-session:${claim.deviceKey}`);
    return change(this.deps, idempotency, async (trx): Promise<OpenCmsSession> => {
      if (!(await useProof(trx, claim)))
        throw problem('device_proof_invalid', { log: 'a device proof was used twice' });
      return {
        actor: {
          kind: 'cms',
          id: claim.installCode,
          scopes: CMS_SCOPES,
          partnerId: customer.partner_id,
          customerId: customer.customer_id,
          installCode: claim.installCode,
          deviceKey: claim.deviceKey,
        },
        tokenId: ids.random(),
        issuedAt: now.toISOString(),
        customerName: customer.name,
      };
    });
  }
}

const readProof = (jws: string): VerifiedDeviceProof => {
  try {
    return verifyDeviceProof(jws);
  } catch (cause) {
    if (cause instanceof ProofError) throw problem('device_proof_invalid', { cause });
    throw cause;
  }
};
