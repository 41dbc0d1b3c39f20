import type { LicenseKind } from '@smartserver/contracts';
import { problem } from '@smartserver/service-kit';
import { CompiledQuery } from 'kysely';
import type { Deps } from '../deps.ts';
import { linkController } from '../link-controller/link.ts';
import { databaseError, isConflict } from '../model/conflicts.ts';
import type { DocumentFacts } from '../model/document.ts';
import type { Trx } from '../model/tables.ts';
import { startingTerms } from '../model/term.ts';
import {
  ACTIVATION_STATEMENT,
  type ActivationCommand,
  type ActivationRow,
  activationValues,
  MAX_LICENSES_PER_CONTROLLER,
  VERDICT_STATEMENT,
} from './activate.sql.ts';
import { type LicenseVerdict, Refused } from './refusal.ts';

type AttemptDeps = Pick<Deps, 'database' | 'clock' | 'ids' | 'signer'>;

const ATTEMPTS = 8;

/** `replay`: the answer to an earlier request under the same key. */
export type Activated = { outcome: 'done' | 'replay'; fingerprint: string | null; facts: DocumentFacts };

/**
 * Carries out an online activation. This is the one place they all pass through, one statement each: requests that arrive while
 * a statement is under way could be combined here into the next one [architecture.md, "Speed"].
 * @throws Refused; license_not_available where the controller is full; device_proof_invalid, controller_in_use (rule 13)
 */
export const activateByStatement = (deps: AttemptDeps, command: ActivationCommand): Promise<Activated> =>
  repeatUntilSettled(deps, command.licenseIds, async () => {
    const values = activationValues(command, { ...deps, kid: deps.signer.kid });
    // Named, so that each connection parses and plans it once.
    const { rows } = await deps.database.pool.query({ name: 'activate', text: ACTIVATION_STATEMENT, values });
    const [row] = rows as [ActivationRow];
    if (row.outcome !== 'contact' && row.outcome !== 'term') return settle(row);
    // The rare ways: a first contact or takeover comes first, or renewals have to be dated. All in one transaction.
    const inSteps = deps.database.kysely.transaction().execute(async (trx) => {
      await linkController(trx, deps, command.cause, { contact: command.contact });
      return activateWithin(trx, deps, command);
    });
    return inSteps.catch(settleRollback);
  });

/** @returns null: something was in the way for a moment, look again */
const settle = ({ outcome, fingerprint, facts, verdicts }: ActivationRow): Activated | null => {
  if (verdicts !== null) throw new Refused(verdicts);
  if (outcome === 'full') {
    const detail = `A controller can hold ${MAX_LICENSES_PER_CONTROLLER} licenses. Transfer some back to the cloud first.`;
    throw problem('license_not_available', { detail });
  }
  if (facts === null || (outcome !== 'done' && outcome !== 'replay')) return null;
  return { outcome, fingerprint, facts: JSON.parse(facts) };
};

/** Rolls back the transaction of an activation that was not carried out, and carries the answer out of it. */
class Rollback extends Error {
  constructor(readonly row: ActivationRow) {
    super('rollback');
  }
}

/** To be called with what a transaction around {@link activateWithin} threw. */
export const settleRollback = (error: unknown): Activated | null => {
  if (error instanceof Rollback) return settle(error.row);
  throw error;
};

/**
 * The activation statement as one step of a transaction that has linked and locked the controller.
 * @throws Rollback unless it was carried out
 */
export const activateWithin = async (trx: Trx, deps: AttemptDeps, command: ActivationCommand): Promise<Activated> => {
  // One instant for both: a term that starts now starts with the activation.
  const now = deps.clock.now();
  const terms = await startingTerms(trx, command.licenseIds, now);
  const at = { clock: { now: () => now }, ids: deps.ids, kid: deps.signer.kid };
  const statement = CompiledQuery.raw(ACTIVATION_STATEMENT, activationValues(command, at, terms));
  const [row] = (await trx.executeQuery<ActivationRow>(statement)).rows as [ActivationRow];
  const activated = row.outcome === 'done' ? settle(row) : null;
  if (activated === null) throw new Rollback(row);
  return activated;
};

/**
 * Repeats a transaction that activates, until it gets through.
 * @param attempt runs from the beginning each time; null: something moved between statement and steps, look again
 * @throws Refused with license_in_use if the unique index refuses
 */
export const repeatUntilSettled = async <T>(
  deps: Pick<Deps, 'database'>,
  licenseIds: readonly string[],
  attempt: () => Promise<T | null>,
): Promise<T> => {
  for (let count = 1; count <= ATTEMPTS; count += 1) {
    try {
      const settled = await attempt();
      if (settled !== null) return settled;
    } catch (error) {
      if (!(await isRepeatable(deps, error, licenseIds))) throw error;
    }
  }
  throw problem('unavailable', { log: 'an activation met others too often', headers: { 'retry-after': '1' } });
};

/**
 * The events of a transfer that was made a moment ago may still be on their way: what meets an unknown license is tried once
 * more when they have arrived.
 */
export const retryOnceArrived = async <T>(work: () => Promise<T>, hasArrived: () => Promise<boolean>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const unknown = error instanceof Refused && error.verdicts.includes('license_not_found');
    if (!unknown || !(await hasArrived())) throw error;
  }
  return work();
};

/** Whether the work may simply be tried again. @throws Refused with license_in_use */
const isRepeatable = async ({ database }: Pick<Deps, 'database'>, error: unknown, licenseIds: readonly string[]) => {
  const { state, constraint } = databaseError(error);
  if (isConflict(error)) return true;
  // Its hold ended while this waited, which the constraint was tried too early to see.
  if (state === '23514' && constraint === 'licenses_held_or_installed') return true;
  if (state !== '23505') return false;
  // Another request with the same key was faster: its facts are there now.
  if (constraint === 'idempotency_keys_pkey') return true;
  if (constraint !== 'activations_open') return false;
  const query = database.kysely.selectFrom('activations').select('license_id').where('returned_at', 'is', null);
  const open = await query.where('license_id', 'in', [...licenseIds]).execute();
  const inUse = new Set(open.map((row) => row.license_id));
  // None: it was returned in between, so that the next attempt may succeed.
  if (inUse.size > 0) throw new Refused(licenseIds.map((id) => (inUse.has(id) ? 'license_in_use' : 'free')));
  return true;
};

/** What is against one license, as it is now: it may have changed by the time it is activated, which looks again. */
export const judgeLicense = async (trx: Trx, licenseId: string, installCode: string, kinds: readonly LicenseKind[]) => {
  const statement = CompiledQuery.raw(VERDICT_STATEMENT, [licenseId, installCode, [...kinds]]);
  const { rows } = await trx.executeQuery<{ verdict: LicenseVerdict }>(statement);
  return rows[0]?.verdict ?? 'license_not_found';
};
