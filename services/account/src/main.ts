import { parseArgs } from 'node:util';
import { formerServiceMain } from '@smartserver/service-kit';
import { createStaff, rotateTokenKeys } from './commands.ts';
import { accountConfig } from './config.ts';
import { accountMigrations } from './migrations.ts';
import { startAccount } from './wire.ts';

await formerServiceMain({
  name: 'account',
  migrations: accountMigrations,
  config: accountConfig,
  start: startAccount,
  commands: {
    async 'create-staff'(args) {
      const { email } = parseArgs({ args, options: { email: { type: 'string' } } }).values;
      if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email))
        throw new Error('create-staff needs --email ADDRESS');
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
  },
});
