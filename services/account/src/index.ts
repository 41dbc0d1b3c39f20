/** The account service: partners, users, customers and contacts, API clients, and every kind of sign-in. */
export { createStaff, rotateTokenKeys } from './commands.ts';
export { type AccountConfig, accountConfig } from './config.ts';
export type { Rotation } from './keys/key-service.ts';
export { accountMigrations } from './migrations.ts';
export { type AccountDeps, startAccount } from './wire.ts';
