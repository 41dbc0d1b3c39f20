import { openStorage, type ServiceDeps } from '@smartserver/service-kit';
import { commandConfig } from './config.ts';
import type { LicenseTables } from './db.ts';
import { replayLicenses } from './licenses/license-replay-service.ts';
import { replayReleases } from './releases/release-replay-service.ts';

/**
 * Tells every license and release anew, so that projections of other services become whole; a running license service sends it.
 * @param env the environment of the service; needs DATABASE_URL
 * @param told called after each batch with the number of licenses so far
 * @returns how many licenses there were
 */
export const replay = async (
  env: NodeJS.ProcessEnv,
  told?: (count: number) => void,
  deps: Omit<ServiceDeps, 'jwks'> = {},
): Promise<number> => {
  const storage = openStorage<LicenseTables>('license', commandConfig(env), deps);
  try {
    await replayReleases(storage);
    return await replayLicenses(storage, told);
  } finally {
    await storage.database.close();
  }
};
