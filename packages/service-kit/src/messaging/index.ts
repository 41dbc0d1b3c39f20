export { type ConsumerOptions, type Consumers, type Handlers, startConsumers } from './consumers.ts';
export { runDeadLetterCommand } from './dead-letter-command.ts';
export { type DeadLetter, listDeadLetters, retryDeadLetter } from './dead-letters.ts';
export { type EventHandler, receiveEvent, receiveEvents, takesTogether } from './inbox.ts';
export type { Fate, Message, Outcome } from './message.ts';
export { type Messaging, openMessaging } from './messaging.ts';
export { NotYet } from './not-yet.ts';
export { type Relay, type RelayOptions, startRelay } from './relay.ts';
export type { Schedule } from './schedule.ts';
