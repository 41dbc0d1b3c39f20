import { parseArgs } from 'node:util';
import { loadConfig, migrate, runDeadLetterCommand, runService, serviceConfig } from '@smartserver/service-kit';
import { createStaff, rotateTokenKeys } from './commands.ts';
import { accountConfig } from './config.ts';
import { accountMigrations } from './migrations.ts';
import { startAccount } from './wire.ts';

const [command, ...rest] = process.argv.slice(2);

const commands: Record<string, () => Promise<void>> = {
  async migrate() {
    const { DATABASE_URL } = loadConfig(process.env, { DATABASE_URL: serviceConfig.DATABASE_URL });
    await migrate({ url: DATABASE_URL, directories: [accountMigrations] });
  },
  'dead-letters': () => runDeadLetterCommand(rest),
  async 'create-staff'() {
    const { email } = parseArgs({ args: rest, options: { email: { type: 'string' } } }).values;
    if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error('create-staff needs --email ADDRESS');
    const token = await createStaff(process.env, email);
    console.log(
      'Set the password within 7 days: POST /v1/auth/invitations/{token}/accept {"password": "…"}. The token:',
    );
    console.log(token);
  },
  async 'rotate-keys'() {
    const { kid, signsFrom, created } = await rotateTokenKeys(process.env);
    const what = created ? 'is published now and signs' : 'was waiting already, nothing was changed; it signs';
    console.log(`Token key ${kid} ${what} from ${signsFrom.toISOString()} on.`);
  },
};

if (command === undefined) {
  await runService('account', async (env) => {
    const config = accountConfig(env);
    const service = await startAccount(config);
    return { ...service, listen: { host: config.HOST, port: config.PORT } };
  });
} else {
  try {
    const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
    if (run === undefined) throw new Error(`the commands are ${Object.keys(commands).join(', ')}`);
    await run();
  } catch (error) {
    console.error(`account: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
