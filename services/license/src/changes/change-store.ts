import type { ActorReference, LicenseChange, ProblemCode } from '@smartserver/contracts';
import type { Cause, Tenant } from '@smartserver/service-kit';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { LicenseChangesTable, LicenseTables } from '../db.ts';
import { visibleChanges, visibleLicenses } from '../tenancy.ts';
import type { ChangeState, Wish } from './license-change.ts';

type Db = Kysely<LicenseTables>;
type Trx = Transaction<LicenseTables>;

/** A change with who asked for it: its completion, minutes later perhaps, is still owed to them. */
export type StoredChange = ChangeState & { cause: Cause };

export const insertChange = async (trx: Trx, change: StoredChange): Promise<void> => {
  await trx
    .insertInto('license_changes')
    .values({
      partner_id: change.partnerId,
      change_id: change.changeId,
      license_id: change.licenseId,
      kind: change.wish.kind,
      device_counts: change.wish.kind === 'split' ? [...change.wish.deviceCounts] : null,
      status: change.status,
      refusal: change.refusal,
      outcome: change.outcome === null ? null : JSON.stringify(change.outcome),
      license_version: change.licenseVersion,
      actor_kind: change.cause.actor.kind,
      actor_id: change.cause.actor.id,
      traceparent: change.cause.traceparent,
      created_at: change.createdAt,
      asked_at: change.createdAt,
      settled_at: change.status === 'pending' ? null : change.createdAt,
    })
    .execute();
};

/** A change whose license the actor sees. */
export const findChange = async (db: Db, tenant: Tenant, changeId: string): Promise<StoredChange | null> => {
  const row = await db
    .selectFrom('license_changes')
    .innerJoin('licenses', 'licenses.license_id', 'license_changes.license_id')
    .selectAll('license_changes')
    .where('change_id', '=', changeId)
    .where(visibleLicenses(tenant))
    .where(visibleChanges(tenant))
    .executeTakeFirst();
  return row === undefined ? null : toChange(row);
};

/** Call it with the license locked: nobody else begins or ends a change of it then. */
export const hasPendingChange = async (trx: Trx, licenseId: string): Promise<boolean> => {
  const row = await trx
    .selectFrom('license_changes')
    .select('change_id')
    .where('license_id', '=', licenseId)
    .where('status', '=', 'pending')
    .executeTakeFirst();
  return row !== undefined;
};

export const completeChange = async (
  trx: Trx,
  changeId: string,
  outcome: LicenseChange['licenses'],
  at: Date,
): Promise<void> => {
  await trx
    .updateTable('license_changes')
    .set({ status: 'completed', outcome: JSON.stringify(outcome), settled_at: at })
    .where('change_id', '=', changeId)
    .execute();
};

export const refuseChange = async (trx: Trx, changeId: string, refusal: ProblemCode, at: Date): Promise<void> => {
  await trx
    .updateTable('license_changes')
    .set({ status: 'refused', refusal, settled_at: at })
    .where('change_id', '=', changeId)
    .execute();
};

/**
 * Pending changes that wait for an answer since before `before`, marked as asked again at `now`. Rows another process has in
 * hand are left to it.
 */
export const takeWaitingChanges = async (
  trx: Trx,
  options: { before: Date; now: Date; limit: number },
): Promise<StoredChange[]> => {
  const rows = await trx
    .updateTable('license_changes')
    .set({ asked_at: options.now })
    .where('change_id', 'in', (eb) =>
      eb
        .selectFrom('license_changes')
        .select('change_id')
        .where('status', '=', 'pending')
        .where('asked_at', '<=', options.before)
        .orderBy('asked_at')
        .limit(options.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
  return rows.map(toChange);
};

const toChange = (row: Selectable<LicenseChangesTable>): StoredChange => ({
  changeId: row.change_id,
  partnerId: row.partner_id,
  licenseId: row.license_id,
  wish: toWish(row),
  status: row.status,
  refusal: row.refusal,
  outcome: row.outcome,
  licenseVersion: row.license_version,
  createdAt: row.created_at,
  cause: { actor: { kind: row.actor_kind, id: row.actor_id } satisfies ActorReference, traceparent: row.traceparent },
});

const toWish = (row: Selectable<LicenseChangesTable>): Wish =>
  row.kind === 'split' ? { kind: 'split', deviceCounts: row.device_counts ?? [] } : { kind: 'take_back' };
