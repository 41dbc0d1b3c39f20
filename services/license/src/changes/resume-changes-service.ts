import { type Clock, type Database, type Ids, type Logger, recordEvent } from '@smartserver/service-kit';
import type { LicenseTables } from '../db.ts';
import { takeWaitingChanges } from './change-store.ts';

type Deps = { database: Database<LicenseTables>; relay: { wake(): void }; clock: Clock; ids: Ids };

/** An answer that takes longer than this may be lost: ask again. */
const PATIENCE_MS = 30_000;
const AT_ONCE = 100;

/**
 * Asks activation again for the holds of changes that have waited too long, for the case that a message was lost between the
 * outbox and the effect. Safe to repeat: the hold's id is the change's, and activation answers a known hold as before.
 * @returns how many were asked for
 */
export const resumeChanges = async (deps: Deps): Promise<number> => {
  const now = deps.clock.now();
  const before = new Date(now.getTime() - PATIENCE_MS);
  const resumed = await deps.database.kysely.transaction().execute(async (trx) => {
    const waiting = await takeWaitingChanges(trx, { before, now, limit: AT_ONCE });
    for (const { changeId, licenseId, licenseVersion, cause } of waiting) {
      await recordEvent(trx, deps, cause, {
        type: 'hold.requested.1',
        data: { holdId: changeId, licenseId: licenseId, licenseVersion },
      });
    }
    return waiting.length;
  });
  if (resumed > 0) deps.relay.wake();
  return resumed;
};

const LOOK_EVERY_MS = 15_000;

/** Looks for such changes at the start, which may follow a crash, and ever again. */
export const startResuming = (deps: Deps & { logger: Logger }): { stop(): Promise<void> } => {
  let round: Promise<void> = Promise.resolve();
  const look = (): void => {
    round = round.then(async () => {
      try {
        const resumed = await resumeChanges(deps);
        if (resumed > 0) deps.logger.warn({ changes: resumed }, 'changes waited too long: activation is asked again');
      } catch (err) {
        deps.logger.warn({ err }, 'looking for waiting changes failed: will be tried again');
      }
    });
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await round;
    },
  };
};
