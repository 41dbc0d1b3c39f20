/** The activation service: what is on which controller, and the signed documents that say so. */
export { type ActivationConfig, activationConfig } from './config.ts';
export { activationMigrations } from './migrations.ts';
export { startActivation } from './wire.ts';
