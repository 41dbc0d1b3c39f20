import { QUEUES, type QueueName, queuesOf, type ServiceName } from '@smartserver/contracts';
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import { ConfigError, loadConfig, serviceConfig } from '../config/index.ts';
import { type Database, openDatabase } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import { isError } from '../is-error.ts';
import { createLogger } from '../logger.ts';
import type { DeadMessage } from './batch.ts';
import { type Messaging, openMessaging } from './messaging.ts';

/** A message that this service could not take. */
export type DeadLetter = {
  eventId: string;
  queue: string;
  type: string;
  error: string;
  attempts: number;
  failedAt: Date;
};

type AnyDatabase<DB extends KitTables> = Pick<Database<DB>, 'kysely'>;

const kit = <DB extends KitTables>(database: AnyDatabase<DB>) => database.kysely as unknown as Kysely<KitTables>;

export const recordDeadLetter = async <DB extends KitTables>(
  deps: { database: AnyDatabase<DB>; clock: Clock },
  queue: QueueName,
  message: DeadMessage,
): Promise<void> => {
  const failure = { error: message.error, attempts: message.failures, failed_at: deps.clock.now() };
  await kit(deps.database)
    .insertInto('dead_letters')
    .values({
      queue,
      event_id: message.id,
      type: message.type,
      message: JSON.stringify(message.data ?? null),
      ...failure,
    })
    .onConflict((conflict) => conflict.columns(['queue', 'event_id']).doUpdateSet(failure))
    .execute();
};

/** The messages a service could not take, oldest first. */
export const listDeadLetters = async <DB extends KitTables>(database: AnyDatabase<DB>): Promise<DeadLetter[]> => {
  const rows = await kit(database)
    .selectFrom('dead_letters')
    .select(['event_id', 'queue', 'type', 'error', 'attempts', 'failed_at'])
    .orderBy('failed_at')
    .orderBy('event_id')
    .execute();
  return rows.map((row) => ({
    eventId: row.event_id,
    queue: row.queue,
    type: row.type,
    error: row.error,
    attempts: row.attempts,
    failedAt: row.failed_at,
  }));
};

/** What a retry did. Skipped: this version of the program knows no such queue any more, so that nobody would take the message. */
export type RetriedDeadLetters = { putBack: number; skipped: { eventId: string; queue: string }[] };

/** Puts dead letters back into their queues, one or all. They leave the list when they have had their effect. */
export const retryDeadLetters = async <DB extends KitTables>(
  deps: { database: AnyDatabase<DB>; messaging: Pick<Messaging, 'publishAgain'> },
  eventId?: string,
): Promise<RetriedDeadLetters> => {
  const query = kit(deps.database).selectFrom('dead_letters').select(['event_id', 'queue', 'type', 'message']);
  const rows = await (eventId === undefined ? query : query.where('event_id', '=', eventId)).execute();
  const result: RetriedDeadLetters = { putBack: 0, skipped: [] };
  for (const { event_id: id, queue, type, message: data } of rows) {
    if (isQueue(queue)) {
      await deps.messaging.publishAgain(queue, { id, type, data });
      result.putBack += 1;
    } else result.skipped.push({ eventId: id, queue });
  }
  return result;
};

const isQueue = (name: string): name is QueueName => Object.hasOwn(QUEUES, name);

/** Lists dead letters that a queue made by itself, as for a message that ended its worker again and again, too. */
export const collectDeadLetters = async <DB extends KitTables>(
  deps: { database: AnyDatabase<DB>; messaging: Pick<Messaging, 'listDead'>; clock: Clock },
  service: ServiceName,
): Promise<void> => {
  for (const queue of queuesOf(service)) {
    const dead = await deps.messaging.listDead(queue, 1_000);
    if (dead.length === 0) continue;
    const listed = await kit(deps.database)
      .selectFrom('dead_letters')
      .select('event_id')
      .where('queue', '=', queue)
      .execute();
    const known = new Set(listed.map((row) => row.event_id));
    for (const message of dead) {
      if (!known.has(message.id)) await recordDeadLetter(deps, queue, message);
    }
  }
};

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
    if (verb === 'retry') {
      const { putBack, skipped } = await retryDeadLetters({ database, messaging }, eventId);
      const why = ({ eventId: id, queue }: (typeof skipped)[number]) =>
        `${id} skipped: there is no queue ${queue} any more`;
      return [...skipped.map(why), `${putBack} put back into their queues`];
    }
    const letters = await listDeadLetters(database);
    return [...letters.map((letter) => JSON.stringify(letter)), `${letters.length} dead letters`];
  } finally {
    await messaging.close();
    await database.close();
  }
};
