import { loadConfig, migrate, runDeadLetterCommand, runService, serviceConfig } from '@smartserver/service-kit';
import { activationConfig } from './config.ts';
import { activationMigrations } from './migrations.ts';
import { startActivation } from './wire.ts';

if (process.argv[2] === 'migrate') {
  const { DATABASE_URL } = loadConfig(process.env, { DATABASE_URL: serviceConfig.DATABASE_URL });
  await migrate({ url: DATABASE_URL, directories: [activationMigrations] });
} else if (process.argv[2] === 'dead-letters') {
  await runDeadLetterCommand(process.argv.slice(3));
} else {
  await runService('activation', async (env) => {
    const config = activationConfig(env);
    const service = await startActivation(config);
    return { ...service, listen: { host: config.HOST, port: config.PORT } };
  });
}
