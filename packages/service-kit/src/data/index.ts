export { change, type IdempotencyRequest } from './change.ts';
export { type Database, type DatabaseOptions, openDatabase } from './database.ts';
export { eventually } from './eventually.ts';
export { kitMigrations, migrate } from './migrate.ts';
export { type Cause, causeOf, type NewEvent, recordEvent } from './outbox.ts';
export { project } from './projection.ts';
export type {
  DeadLettersTable,
  IdempotencyKeysTable,
  InboxTable,
  KitTables,
  OutboxTable,
} from './tables.ts';
