import { createHash } from 'node:crypto';
import { CMS_SCOPES, type CreateCmsSessionRequest } from '@smartserver/contracts';
import { ProofError, type VerifiedDeviceProof, verifyDeviceProof } from '@smartserver/license-document';
import { change, problem, type TokenContent } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import type { Trx } from '../model/tables.ts';
import { credentialIdempotency, type PublicContext } from '../security/secrets.ts';
import { newToken } from '../token-keys/access-token.ts';
import { type DeviceClaim, readDeviceClaim, refusalOf } from './device-claim.ts';

export type OpenCmsSession = TokenContent & { customerName: string };

/**
 * Opens a session of the CMS Owner on a SmartServer, with a proof by the controller's device key.
 * What account knows of the controller may be a moment old, so this refuses early; activation, which decides what is on a
 * controller, checks key and account of the token again in its own statements. [domain.md rule 13]
 * @throws device_proof_invalid, owner_required, device_clock_wrong, customer_not_found, controller_in_use
 */
export const openCmsSession = async (
  deps: Deps,
  context: PublicContext,
  request: CreateCmsSessionRequest,
): Promise<OpenCmsSession> => {
  const { kysely } = deps.database;
  const now = deps.clock.now();
  const claim = readDeviceClaim(readProof(request.proof), request, now);
  if ('refusal' in claim) throw problem(claim.refusal);
  const { installCode, deviceKey } = claim;
  // No tenant filter: the controller has proved itself, but is not signed in yet.
  const customers = kysely.selectFrom('customers').selectAll().where('customer_id', '=', claim.customerId);
  const customer = await customers.executeTakeFirst();
  if (customer === undefined) throw problem('customer_not_found');
  const controllers = kysely.selectFrom('controllers').selectAll().where('install_code', '=', installCode);
  const refusal = refusalOf(claim, await controllers.executeTakeFirst());
  if (refusal !== null) throw problem(refusal);

  const idempotency = credentialIdempotency(deps, context, `cms-session:${deviceKey}`);
  return change(deps, idempotency, async (trx) => {
    if (!(await useProof(trx, claim))) throw problem('device_proof_invalid', { log: 'a device proof was used twice' });
    const { partner_id: partnerId, customer_id: customerId } = customer;
    const id = { id: installCode, installCode, deviceKey, partnerId, customerId };
    const content = newToken(deps, { kind: 'cms', ...id, scopes: CMS_SCOPES }, now);
    return { ...content, customerName: customer.name };
  });
};

const readProof = (jws: string): VerifiedDeviceProof => {
  try {
    return verifyDeviceProof(jws);
  } catch (cause) {
    if (cause instanceof ProofError) throw problem('device_proof_invalid', { cause });
    throw cause;
  }
};

/** Remembers that a proof was used. @returns false when it had been used before */
const useProof = async (trx: Trx, { deviceKey, nonce, forgetAfter }: DeviceClaim): Promise<boolean> => {
  // A nonce is the device's own: another key may happen to use the same one.
  const proof_hash = createHash('sha256').update(`${deviceKey}\n${nonce}`).digest();
  const result = await trx
    .insertInto('device_proofs')
    .values({ proof_hash, expires_at: forgetAfter })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
};
