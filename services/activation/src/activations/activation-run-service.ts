import type { LicenseKind } from '@smartserver/contracts';
import { problem } from '@smartserver/service-kit';
import { CompiledQuery } from 'kysely';
import { linkController } from '../controllers/link-service.ts';
import type { ActivationDatabase, ActivationTransaction } from '../db.ts';
import { startingTerms } from '../licenses/license-store.ts';
import { databaseError, isConflict } from '../retry.ts';
import {
  type ActivationCommand,
  type ActivationRow,
  activationValues,
  type LicenseVerdict,
  type StatementDeps,
} from './activation-command.ts';
import { ACTIVATION_STATEMENT, VERDICT_STATEMENT } from './activation-statement.ts';
import { Refused } from './refusal.ts';

const ATTEMPTS = 8;

/**
 * Carries out activations. This is the one place they all pass through, one statement each: requests that arrive while a
 * statement is under way could be combined here into the next one [architecture.md, "Speed"].
 */
export class ActivationRunner {
  private readonly database: ActivationDatabase;
  private readonly deps: StatementDeps;

  constructor(database: ActivationDatabase, deps: StatementDeps) {
    this.database = database;
    this.deps = deps;
  }

  /**
   * @returns an answer whose outcome is `done`, `replay`, `refused` or `full`
   * @throws device_proof_invalid, controller_in_use (rule 13)
   */
  async run(command: ActivationCommand): Promise<ActivationRow> {
    try {
      return await this.settle(command.licenseIds, async () => {
        const row = await this.attempt(command);
        return isSettled(row) ? row : null;
      });
    } catch (error) {
      if (error instanceof Refused) return refusedRow(error);
      throw error;
    }
  }

  /**
   * Repeats a transaction that activates, until it gets through.
   * @param attempt runs from the beginning each time; null: something moved between statement and steps, look again
   * @throws Refused with license_in_use at the last word of the unique index
   */
  async settle<T>(licenseIds: readonly string[], attempt: () => Promise<T | null>): Promise<T> {
    for (let count = 1; count <= ATTEMPTS; count += 1) {
      try {
        const settled = await attempt();
        if (settled !== null) return settled;
      } catch (error) {
        await this.pardon(error, licenseIds);
      }
    }
    throw problem('unavailable', { log: 'an activation met others too often', headers: { 'retry-after': '1' } });
  }

  /** What stands against one license, as it is now: it may have changed by the time it is activated, which looks again. */
  async judge(
    trx: ActivationTransaction,
    asked: { licenseId: string; installCode: string; kinds: readonly LicenseKind[] },
  ): Promise<LicenseVerdict> {
    const values = [asked.licenseId, asked.installCode, [...asked.kinds]];
    const { rows } = await trx.executeQuery<{ verdict: LicenseVerdict }>(CompiledQuery.raw(VERDICT_STATEMENT, values));
    return rows[0]?.verdict ?? 'license_not_found';
  }

  /** The activation statement as one step of a transaction that has linked and locked the controller. */
  async activateIn(trx: ActivationTransaction, command: ActivationCommand): Promise<ActivationRow> {
    // One instant for both: a term that starts now starts with the activation.
    const now = this.deps.clock.now();
    const terms = await startingTerms(trx, command.licenseIds, now);
    const values = activationValues(command, { ...this.deps, clock: { now: () => now } }, terms);
    const { rows } = await trx.executeQuery<ActivationRow>(CompiledQuery.raw(ACTIVATION_STATEMENT, values));
    return onlyRow(rows);
  }

  private async attempt(command: ActivationCommand): Promise<ActivationRow> {
    const values = activationValues(command, this.deps);
    // Named, so that each connection parses and plans it once.
    const { rows } = await this.database.pool.query({ name: 'activate', text: ACTIVATION_STATEMENT, values });
    const row = onlyRow(rows);
    return row.outcome === 'contact' || row.outcome === 'term' ? this.attemptInSteps(command) : row;
  }

  /** The rare ways: a first contact or takeover comes first, or renewals have to be dated. All in one transaction. */
  private async attemptInSteps(command: ActivationCommand): Promise<ActivationRow> {
    try {
      return await this.database.kysely.transaction().execute(async (trx) => {
        await linkController(trx, this.deps, command.cause, { contact: command.contact });
        const row = await this.activateIn(trx, command);
        if (row.outcome !== 'done') throw new Undone(row);
        return row;
      });
    } catch (error) {
      if (error instanceof Undone) return error.row;
      throw error;
    }
  }

  /** Returns if the work may simply be tried again. */
  private async pardon(error: unknown, licenseIds: readonly string[]): Promise<void> {
    if (isConflict(error)) return;
    const { state, constraint } = databaseError(error);
    // Its hold ended while this waited, which the constraint was tried too early to see.
    if (state === '23514' && constraint === 'licenses_held_or_installed') return;
    const taken = state === '23505' ? constraint : null;
    // Another request with the same key was faster: its facts are there now.
    if (taken === 'idempotency_keys_pkey') return;
    if (taken !== 'activations_open') throw error;
    const open = await this.database.kysely
      .selectFrom('activations')
      .select('license_id')
      .where('license_id', 'in', [...licenseIds])
      .where('returned_at', 'is', null)
      .execute();
    const inUse = new Set(open.map((row) => row.license_id));
    // None: it was returned in between, so that the next attempt may succeed.
    if (inUse.size > 0) throw new Refused(licenseIds.map((id) => (inUse.has(id) ? 'license_in_use' : 'free')));
  }
}

/** Undoes a transaction that changed nothing, and carries the answer out of it. */
class Undone extends Error {
  readonly row: ActivationRow;
  constructor(row: ActivationRow) {
    super('undone');
    this.row = row;
  }
}

const refusedRow = ({ verdicts }: Refused): ActivationRow => ({
  outcome: 'refused',
  fingerprint: null,
  facts: null,
  verdicts: [...verdicts],
});

const SETTLED = new Set<ActivationRow['outcome']>(['done', 'replay', 'refused', 'full']);
const isSettled = (row: ActivationRow): boolean => SETTLED.has(row.outcome);

const onlyRow = (rows: ActivationRow[]): ActivationRow => {
  const [row] = rows;
  if (row === undefined) throw new Error('the activation statement gave no row');
  return row;
};
