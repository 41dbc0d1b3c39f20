import type { QueueName } from '@smartserver/contracts';

/** A message as it is put into a queue. The id is the event's UUID: BullMQ refuses ids with `:` and ids of digits only. */
export type OutgoingMessage = { id: string; type: string; data: unknown };

/** A message as it comes out. */
export type IncomingMessage = OutgoingMessage & {
  queue: QueueName;
  /** How often it failed before. Deliveries that ended in `later` do not count. */
  failures: number;
  /** How often it was delivered, this time included. */
  deliveries: number;
};

/** What becomes of a delivered message. */
export type Outcome =
  | { kind: 'done' }
  /** Again later, as if it had not been delivered. */
  | { kind: 'later'; delayMs: number }
  /** It failed; again later. */
  | { kind: 'failed'; delayMs: number; error: string }
  /** It failed for the last time. */
  | { kind: 'dead'; error: string };

/**
 * What became of a published message: `done` (had its effect), `dead` (waits for a retry command), `underway` (waits or is
 * worked on), `missing` (the queue has lost it, or has forgotten a finished one).
 */
export type Fate = 'done' | 'dead' | 'underway' | 'missing';

export type DeadMessage = OutgoingMessage & { error: string; failures: number };
