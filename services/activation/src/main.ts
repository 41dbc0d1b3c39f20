import { serviceMain } from '@smartserver/service-kit';
import { activationConfig } from './config.ts';
import { activationMigrations } from './migrations.ts';
import { startActivation } from './wire.ts';

await serviceMain({
  name: 'activation',
  migrations: activationMigrations,
  config: activationConfig,
  start: startActivation,
});
