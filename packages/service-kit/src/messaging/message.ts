import type { QueueName } from '@smartserver/contracts';

/** An event on its way. The id is the event's UUID. */
export type Message = { id: string; type: string; data: unknown };

/** A message as it comes out of its queue. */
export type IncomingMessage = Message & {
  queue: QueueName;
  /** How often it failed before. Deliveries that ended in `later` do not count. */
  failures: number;
  /** How often it was delivered, this time included. */
  deliveries: number;
};

/** What becomes of what was delivered. */
export type Outcome =
  /** `apart`: ids of the messages that have had no effect yet, and go on each in a parcel of its own. */
  | { kind: 'done'; apart?: readonly string[] }
  /** Again later, as if it had not been delivered. */
  | { kind: 'later'; delayMs: number }
  /** It failed; again later. */
  | { kind: 'failed'; delayMs: number; error: string }
  /** It failed for the last time. */
  | { kind: 'dead'; error: string };

/**
 * What became of a published parcel: `done` (its messages have had their effect, but for those that went on apart), `dead` (waits
 * for a retry command), `underway` (waits or is worked on), `missing` (the queue has lost it, or has forgotten a finished one).
 */
export type Fate =
  | { kind: 'done'; apart: readonly string[] }
  | { kind: 'dead' }
  | { kind: 'underway' }
  | { kind: 'missing' };

export type DeadMessage = Message & { error: string; failures: number };
