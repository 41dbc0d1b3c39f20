import type { Clock, Database, Logger } from '@smartserver/service-kit';
import { deleteOldProofs } from './cms-sessions/cms-session-store.ts';
import type { AccountTables } from './db.ts';
import type { GuessLimiter } from './sessions/guess-limiter.ts';
import { deleteOldSessions } from './sessions/session-store.ts';

export type HousekeepingDeps = {
  database: Database<AccountTables>;
  limiter: GuessLimiter;
  clock: Clock;
  logger: Logger;
};

const EVERY_MS = 10 * 60 * 1000;

/** Deletes rows that time has made meaningless. Every replica does; doing it twice does no harm. */
export const keepHouse = async ({ database, limiter, clock }: Omit<HousekeepingDeps, 'logger'>): Promise<void> => {
  const now = clock.now();
  await deleteOldProofs(database.kysely, now);
  await deleteOldSessions(database.kysely, now);
  await limiter.deleteOld();
};

/** @returns how to end it */
export const startHousekeeping = (deps: HousekeepingDeps): { stop(): Promise<void> } => {
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = keepHouse(deps).catch((err: unknown) => deps.logger.warn({ err }, 'old rows could not be deleted'));
  };
  const timer = setInterval(run, EVERY_MS).unref();
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
};
