import { ConfigError, loadConfig, serviceConfig } from '../config/index.ts';
import { openDatabase } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import { isError } from '../is-error.ts';
import { createLogger } from '../logger.ts';
import { listDeadLetters, retryDeadLetter } from './dead-letters.ts';
import { openMessaging } from './messaging.ts';

const USAGE = 'usage: main.js dead-letters list | main.js dead-letters retry [event id]';

/**
 * `main.js dead-letters list` and `main.js dead-letters retry [event id]`, on the service's own DATABASE_URL and QUEUE_URL.
 * A failure is one line on standard error, and an exit code.
 * @param args what follows `dead-letters`
 */
export const runDeadLetterCommand = async (args: readonly string[], env = process.env): Promise<void> => {
  try {
    for (const line of await deadLetterCommand(args, env)) process.stdout.write(`${line}\n`);
  } catch (error) {
    process.stderr.write(`dead-letters: ${isError(error) ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
};

/** @returns the lines to print */
export const deadLetterCommand = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> => {
  const [verb, eventId] = args;
  if (verb !== 'list' && verb !== 'retry') throw new ConfigError(USAGE);
  const { DATABASE_URL, QUEUE_URL } = loadConfig(env, {
    DATABASE_URL: serviceConfig.DATABASE_URL,
    QUEUE_URL: serviceConfig.QUEUE_URL,
  });
  const logger = createLogger({ service: 'dead-letters', level: 'warn' });
  const database = openDatabase<KitTables>({ url: DATABASE_URL, poolSize: 1, service: 'dead-letters', logger });
  const messaging = openMessaging({ url: QUEUE_URL, logger, poolSize: 1 });
  try {
    if (verb === 'retry')
      return [`${await retryDeadLetter({ database, messaging }, eventId)} put back into their queues`];
    const letters = await listDeadLetters(database);
    return [...letters.map((letter) => JSON.stringify(letter)), `${letters.length} dead letters`];
  } finally {
    await messaging.close();
    await database.close();
  }
};
