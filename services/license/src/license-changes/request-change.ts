import type { LicenseChange } from '@smartserver/contracts';
import { causeOf, change, problem, type RequestContext, recordEvent, tenantOf } from '@smartserver/service-kit';
import { sql, type Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import { lockLicense, selectLicenses } from '../model/license.sql.ts';
import { findChange, hasPendingChange } from '../model/license-change.sql.ts';
import {
  type ChangeCommand,
  type LicenseChangeRow,
  toHoldRequested,
  toLicenseChange,
} from '../model/license-change.ts';
import type { LicenseTables } from '../model/tables.ts';
import { carryOut } from './carry-out.ts';
import { beginning } from './change-rules.ts';

/**
 * Begins a take-back or split, and waits up to 2 s for its end. [architecture.md decision 5]
 * @returns the completed change, or the pending one
 * @throws ProblemError license_not_found, license_in_use, license_not_available, license_suspended, license_revoked,
 *   split_mismatch
 */
export const requestChange = async (
  deps: Deps,
  context: RequestContext,
  licenseId: string,
  command: ChangeCommand,
): Promise<LicenseChange> => {
  const { changeId } = await change(deps, context, (trx) => begin(trx, deps, context, licenseId, command));
  const find = () => findChange(deps.database.kysely, tenantOf(context.actor), changeId);
  const findEnded = async () => {
    const row = await find();
    return row?.status === 'pending' ? null : { row };
  };
  // Not inside the transaction: no connection is held while activation decides. Each time waits up to a second.
  const waitForEnd = () => deps.projections.waitFor(findEnded, ['hold.resolved.1']);
  const ended = (await waitForEnd()) ?? (await waitForEnd());
  const row = ended === null ? await find() : ended.row;
  if (row === undefined) throw problem('license_not_found');
  if (row.refusal !== null) throw problem(row.refusal);
  return show(deps, context, row);
};

/** @throws ProblemError license_change_not_found */
export const getLicenseChange = async (
  deps: Deps,
  context: RequestContext,
  changeId: string,
): Promise<LicenseChange> => {
  const row = await findChange(deps.database.kysely, tenantOf(context.actor), changeId);
  if (row === undefined) throw problem('license_change_not_found');
  return show(deps, context, row);
};

/** The result that an Idempotency-Key keeps is the change's id alone: a repeat shows what has become of the change. */
const begin = async (
  trx: Transaction<LicenseTables>,
  deps: Deps,
  context: RequestContext,
  licenseId: string,
  command: ChangeCommand,
): Promise<{ changeId: string }> => {
  const license = await lockLicense(trx, tenantOf(context.actor), licenseId);
  const begun = beginning(license, command, await hasPendingChange(trx, licenseId));
  if (begun !== 'now' && begun !== 'ask') throw problem(begun, begun === 'split_mismatch' ? PARTS_FAULT : {});
  const cause = causeOf(context);
  const outcome = begun === 'now' ? await carryOut(trx, deps, cause, license, command) : null;
  const now = deps.clock.now();
  const row = {
    partner_id: license.partner_id,
    change_id: deps.ids.ordered(),
    license_id: licenseId,
    ...command,
    status: outcome === null ? ('pending' as const) : ('completed' as const),
    refusal: null,
    outcome: outcome === null ? null : JSON.stringify(outcome),
    license_version: license.version,
    actor_kind: cause.actor.kind,
    actor_id: cause.actor.id,
    traceparent: cause.traceparent,
    created_at: now,
    asked_at: now,
    settled_at: outcome === null ? null : now,
  };
  await trx.insertInto('license_changes').values(row).execute();
  if (outcome === null) await recordEvent(trx, deps, cause, toHoldRequested(row));
  return { changeId: row.change_id };
};

/** Parts that the actor does not see, as one who signed in with the ID of one license, are left out. */
const show = async (deps: Deps, context: RequestContext, row: LicenseChangeRow): Promise<LicenseChange> => {
  const ids = (row.outcome ?? []).map((license) => license.licenseId);
  const visible = await selectLicenses(deps.database.kysely, tenantOf(context.actor))
    .where('license_id', '=', sql<string>`any(${ids})`)
    .execute();
  return toLicenseChange(row, new Set(visible.map((license) => license.license_id)));
};

const PARTS_FAULT = {
  errors: [
    { pointer: '/deviceCounts', code: 'split_mismatch', detail: 'The parts do not add up to the device count.' },
  ],
};
