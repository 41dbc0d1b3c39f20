/** The activation service: what is on which controller, and the signed documents that say so. */
export { resignDocuments } from './commands.ts';
export { type ActivationConfig, activationConfig } from './config.ts';
export { activationMigrations } from './migrations.ts';
export { startActivation } from './wire.ts';
