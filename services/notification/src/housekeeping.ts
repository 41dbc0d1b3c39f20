import type { Clock, Database, Logger } from '@smartserver/service-kit';
import type { Tables } from './model/tables.ts';
import { deleteOldDeliveries } from './webhooks/delivery-store.ts';
import { KEEP_MS } from './webhooks/retries.ts';

export type HousekeepingDeps = { database: Database<Tables>; clock: Clock; logger: Logger };

const EVERY_MS = 10 * 60 * 1_000;
const BATCH = 5_000;

/** Deletes rows that time has made meaningless, a batch at a time. Every replica does; doing it twice does no harm. */
export const keepHouse = async ({ database, clock }: Omit<HousekeepingDeps, 'logger'>): Promise<void> => {
  const before = new Date(clock.now().getTime() - KEEP_MS);
  while ((await deleteOldDeliveries(database.kysely, before, BATCH)) > 0);
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
