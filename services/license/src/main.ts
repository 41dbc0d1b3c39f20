import { loadConfig, migrate, runDeadLetterCommand, runService, serviceConfig } from '@smartserver/service-kit';
import { licenseConfig } from './config.ts';
import { licenseMigrations } from './migrations.ts';
import { startLicense } from './wire.ts';

if (process.argv[2] === 'migrate') {
  const { DATABASE_URL } = loadConfig(process.env, { DATABASE_URL: serviceConfig.DATABASE_URL });
  await migrate({ url: DATABASE_URL, directories: [licenseMigrations] });
} else if (process.argv[2] === 'dead-letters') {
  await runDeadLetterCommand(process.argv.slice(3));
} else {
  await runService('license', async (env) => {
    const config = licenseConfig(env);
    const service = await startLicense(config);
    return { ...service, listen: { host: config.HOST, port: config.PORT } };
  });
}
