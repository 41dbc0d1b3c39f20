export { change, type IdempotencyRequest } from './change.ts';
export { type Database, type DatabaseOptions, openDatabase } from './database.ts';
export { listPage, type PageRequest, pageRequest } from './list-page.ts';
export { migrate } from './migrate.ts';
export { kitMigrations } from './migration-files.ts';
export { type Cause, causeOf, type NewEvent, recordEvent, recordEvents } from './outbox.ts';
export { project } from './projection.ts';
export { createProjections, type Projections } from './projections.ts';
export type {
  DeadLettersTable,
  IdempotencyKeysTable,
  InboxTable,
  KitTables,
  OutboxTable,
} from './tables.ts';
