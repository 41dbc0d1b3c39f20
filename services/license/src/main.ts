import { serviceMain } from '@smartserver/service-kit';
import { licenseConfig } from './config.ts';
import { licenseMigrations } from './migrations.ts';
import { startLicense } from './wire.ts';

await serviceMain({ name: 'license', migrations: licenseMigrations, config: licenseConfig, start: startLicense });
