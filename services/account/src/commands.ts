import type { Command, StorageBase } from '@smartserver/service-kit';
import type { Config, Deps } from './deps.ts';
import { inviteStaff } from './invitations/invite.ts';
import type { Tables } from './model/tables.ts';
import { createSecrets } from './security/secrets.ts';
import { rotateSigningKey } from './token-keys/rotate.ts';

type CommandDeps = Pick<Deps, 'database' | 'clock' | 'ids' | 'secrets' | 'relay'>;

/** Nothing is woken: the running service publishes what a command records. */
export const commandDeps = (base: StorageBase<Tables, Config>): CommandDeps => ({
  ...base,
  secrets: createSecrets(base.config.ACCOUNT_SECRET_KEY),
  relay: { wake: () => undefined },
});

export const commands: Command<Tables, Config>[] = [
  {
    name: 'create-staff',
    summary: 'invite a Customer Success user: prints the invitation token',
    options: [['--email <address>', 'the user’s e-mail address']],
    run: async (base, { email = '' }) => {
      if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error('create-staff needs --email ADDRESS');
      const token = await inviteStaff(commandDeps(base), email);
      console.log(
        'Set the password within 7 days: POST /v1/auth/invitations/{token}/accept {"password": "…"}. The token:',
      );
      console.log(token);
    },
  },
  {
    name: 'rotate-keys',
    summary: 'begin a rotation of the keys that sign access tokens',
    run: async (base) => {
      const { kid, signsFrom, created } = await rotateSigningKey(commandDeps(base));
      const what = created ? 'is published now and signs' : 'was waiting already, nothing was changed; it signs';
      console.log(`Token key ${kid} ${what} from ${signsFrom.toISOString()} on.`);
    },
  },
];
