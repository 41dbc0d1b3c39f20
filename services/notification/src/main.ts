import { loadConfig, migrate, runDeadLetterCommand, runService, serviceConfig } from '@smartserver/service-kit';
import { notificationConfig } from './config.ts';
import { notificationMigrations } from './migrations.ts';
import { startNotification } from './wire.ts';

if (process.argv[2] === 'migrate') {
  const { DATABASE_URL } = loadConfig(process.env, { DATABASE_URL: serviceConfig.DATABASE_URL });
  await migrate({ url: DATABASE_URL, directories: [notificationMigrations] });
} else if (process.argv[2] === 'dead-letters') {
  await runDeadLetterCommand(process.argv.slice(3));
} else {
  await runService('notification', async (env) => {
    const config = notificationConfig(env);
    const service = await startNotification(config);
    return { ...service, listen: { host: config.HOST, port: config.PORT } };
  });
}
