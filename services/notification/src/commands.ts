import { openStorage, type ServiceDeps } from '@smartserver/service-kit';
import { type BounceResult, takeBounce } from './bounces/bounce-service.ts';
import { commandConfig } from './config.ts';
import type { Tables } from './model/tables.ts';

/**
 * Takes in what a mail server says it could not deliver: for a pipe of the mail server that receives what is sent to
 * MAIL_RETURN_PATH.
 * @param env the environment of the service; needs DATABASE_URL
 * @param source a whole e-mail
 */
export const recordBounce = async (
  env: NodeJS.ProcessEnv,
  source: Buffer,
  deps: Omit<ServiceDeps, 'jwks'> = {},
): Promise<BounceResult> => {
  const storage = openStorage<Tables>('notification', commandConfig(env), deps);
  try {
    return await takeBounce(storage, source);
  } finally {
    await storage.database.close();
  }
};
