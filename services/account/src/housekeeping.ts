import type { Clock, Database, Logger } from '@smartserver/service-kit';
import { deleteOldProofs } from './cms-sessions/cms-session-store.ts';
import type { AccountTables } from './db.ts';
import { deleteOldCodes } from './portal/portal-code-store.ts';
import type { GuessCounter } from './sessions/guess-counter.ts';
import { deleteOldSessions } from './sessions/session-store.ts';

export type HousekeepingDeps = {
  database: Database<AccountTables>;
  counter: GuessCounter;
  clock: Clock;
  logger: Logger;
};

const EVERY_MS = 10 * 60 * 1000;

/** Deletes rows that time has made meaningless. Every replica does; doing it twice does no harm. */
export const keepHouse = async ({ database, counter, clock }: Omit<HousekeepingDeps, 'logger'>): Promise<void> => {
  const now = clock.now();
  await deleteOldProofs(database.kysely, now);
  await deleteOldSessions(database.kysely, now);
  await deleteOldCodes(database.kysely, now);
  await counter.deleteOld(now);
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
