export type { JobStatus, Message, Outcome } from './batch.ts';
export { type ConsumerOptions, type Consumers, startConsumers } from './consumers.ts';
export {
  type DeadLetter,
  listDeadLetters,
  type RetriedDeadLetters,
  retryDeadLetters,
  runDeadLetterCommand,
} from './dead-letters.ts';
export { type EventBatch, type EventHandler, forEachEvent, type Handlers, RetryLater } from './handlers.ts';
export { type ParsedEvent, receiveEvent, receiveEvents } from './inbox.ts';
export { type Messaging, openMessaging } from './messaging.ts';
export { messagingRegistry as sharedRegistry } from './metrics.ts';
export { type Relay, type RelayOptions, startRelay } from './relay.ts';
export type { Schedule } from './schedule.ts';
