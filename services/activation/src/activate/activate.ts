import type { Activation, ActivationsResult } from '@smartserver/contracts';
import { causeOf, problem, type RequestContext } from '@smartserver/service-kit';
import { sql } from 'kysely';
import type { Deps } from '../deps.ts';
import type { DocumentFacts } from '../model/document.ts';
import { deviceContact } from '../tenancy.ts';
import type { ActivationCommand } from './activate.sql.ts';
import { activateByStatement, retryOnceArrived } from './attempt.ts';
import { throwRefusal } from './refusal.ts';

/**
 * Online activation, "download from the cloud" [U]: puts licenses of the device's account on its controller, all of them or
 * none. Those that are there already do not change (rule 3): a device that retries gets the same answer and costs nothing.
 * @throws controller_not_found, device_proof_invalid, controller_in_use, or the problem of the first license, with an entry
 *   in `errors` for each that cannot be activated
 */
export const activate = async (
  deps: Deps,
  context: RequestContext,
  installCode: string,
  licenseIds: readonly string[],
): Promise<ActivationsResult> => {
  const { signer, relay } = deps;
  signer.assertReady();
  const { idempotency } = context;
  const contact = deviceContact(context.actor, installCode);
  const command = { contact, licenseIds, cause: causeOf(context), idempotency };
  const { outcome, fingerprint, facts } = await retryOnceArrived(
    () => activateByStatement(deps, command),
    () => haveArrived(deps, command),
  ).catch(throwRefusal(deps));
  if (outcome === 'replay' && fingerprint !== idempotency?.fingerprint) throw problem('idempotency_key_reused');
  if (outcome === 'done') relay.wake();
  return { activations: activationsOf(facts, licenseIds), document: signer.sign(facts) };
};

const haveArrived = async (deps: Deps, { contact, licenseIds }: ActivationCommand): Promise<boolean> => {
  const read = async () => {
    const { count } = await deps.database.kysely
      .selectFrom('licenses')
      .select(sql<number>`count(*)`.as('count'))
      .where('license_id', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
      .where('customer_id', '=', contact.customerId)
      .executeTakeFirstOrThrow();
    return count === licenseIds.length ? true : null;
  };
  return (await deps.projections.waitFor(read, ['license.changed.1'])) === true;
};

const activationsOf = (facts: DocumentFacts, licenseIds: readonly string[]): Activation[] => {
  const byId = new Map(facts.licenses.map((license) => [license.licenseId, license]));
  return licenseIds.map((licenseId) => {
    const license = byId.get(licenseId);
    if (license === undefined) throw new Error('an activated license is missing in its document');
    const { activationId, activatedAt, expiresAt } = license;
    return { activationId, licenseId, installCode: facts.installCode, activatedAt, expiresAt };
  });
};
