import { recordEvent } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { causeOfChange, toHoldRequested } from '../model/license-change.ts';

/** An answer that takes longer than this may be lost: ask again. */
const PATIENCE_MS = 30_000;
const BATCH = 100;

/**
 * Requests the holds of changes that have waited too long again, for the case that a message was lost between the outbox and the
 * effect. Safe to repeat: the hold's id is the change's, and activation answers a known hold as before. Rows that another process
 * has locked are left to it.
 */
export const resumeChanges = async (deps: Deps): Promise<void> => {
  const now = deps.clock.now();
  const resumed = await deps.database.kysely.transaction().execute(async (trx) => {
    const changes = await trx
      .updateTable('license_changes')
      .set({ asked_at: now })
      .where('change_id', 'in', (eb) =>
        eb
          .selectFrom('license_changes')
          .select('change_id')
          .where('status', '=', 'pending')
          .where('asked_at', '<=', new Date(now.getTime() - PATIENCE_MS))
          .orderBy('asked_at')
          .limit(BATCH)
          .forUpdate()
          .skipLocked(),
      )
      .returningAll()
      .execute();
    for (const row of changes) await recordEvent(trx, deps, causeOfChange(row), toHoldRequested(row));
    return changes.length;
  });
  if (resumed === 0) return;
  deps.logger.warn({ changes: resumed }, 'changes waited too long: activation is asked again');
  deps.relay.wake();
};
