import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** Written by the database where a statement does not give it. */
type DatabaseTime = ColumnType<Date, Date | string | undefined, Date | string>;
type OptionalTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

/** One event on its way to one queue. */
export type OutboxTable = {
  id: Generated<number>;
  event_id: string;
  queue: string;
  envelope: JSONColumnType<object>;
  created_at: DatabaseTime;
  /** No relay looks at it until then. */
  claimed_until: OptionalTime;
  attempts: Generated<number>;
  /** The job of the queue that it went in with others; alone: the event's id. Null also in rows of before there was the column. */
  job_id: ColumnType<string | null, string | null | undefined, string | null>;
  /** Given to the queue then, which may not have got it, and may lose it. */
  published_at: OptionalTime;
  /** Known to have had its effect since. */
  confirmed_at: OptionalTime;
};

/** Events that have had their effect here: a repeated message has none. */
export type InboxTable = {
  event_id: string;
  type: string;
  /** In which it has had its effect. Empty: in all, recorded by a program of before there was the column. */
  queues: ColumnType<string[], string[] | undefined, string[]>;
  processed_at: DatabaseTime;
};

export type IdempotencyKeysTable = {
  scope: string;
  key: string;
  /** Hash of the request; another request under the same key is refused. */
  fingerprint: string;
  /** JSON text, returned as it was stored: `null` only inside the transaction that runs the work. */
  result: ColumnType<string | null, string | null | undefined, string | null>;
  created_at: DatabaseTime;
};

/** Messages that this service could not take, kept until they are retried with success. */
export type DeadLettersTable = {
  queue: string;
  event_id: string;
  type: string;
  message: JSONColumnType<object>;
  /** What went wrong, without values. */
  error: string;
  attempts: number;
  failed_at: DatabaseTime;
};

/** The kit's own tables, in the database of every service. A service's type is `interface XTables extends KitTables { … }`. */
export interface KitTables {
  outbox: OutboxTable;
  inbox: InboxTable;
  idempotency_keys: IdempotencyKeysTable;
  dead_letters: DeadLettersTable;
}
