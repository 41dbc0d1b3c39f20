import type { Deps } from './deps.ts';

/** Deletes rows that time has made meaningless. Every process does; doing it twice does no harm. */
export const prune = async ({ database, counter, clock }: Pick<Deps, 'database' | 'counter' | 'clock'>) => {
  const now = clock.now();
  const { kysely } = database;
  await kysely.deleteFrom('device_proofs').where('expires_at', '<', now).execute();
  // Over for good: nothing is left to detect.
  await kysely.deleteFrom('sessions').where('ends_at', '<', now).execute();
  // With their challenges.
  await kysely.deleteFrom('portal_codes').where('expires_at', '<=', now).execute();
  await counter.deleteOld(now);
};
