import { join } from 'node:path';
import formbody from '@fastify/formbody';
import { createTokenVerifier, defineService, type Overrides } from '@smartserver/service-kit';
import { ApiClientsRoutes } from './api-clients/route.ts';
import { CmsSessionsRoutes } from './cms-sessions/route.ts';
import { commandDeps, commands } from './commands.ts';
import { config } from './config.ts';
import { ContactsRoutes } from './contacts/route.ts';
import { CustomersRoutes } from './customers/route.ts';
import { openDeps } from './deps.ts';
import { handlers } from './events.ts';
import { operations } from './generated/operations.ts';
import { inviteStaff } from './invitations/invite.ts';
import { InvitationsRoutes } from './invitations/route.ts';
import { MeRoutes } from './me/route.ts';
import { PartnerUsersRoutes } from './partner-users/route.ts';
import { PartnersRoutes } from './partners/route.ts';
import { PortalSignInRoutes } from './portal-sign-in/route.ts';
import { prune } from './prune.ts';
import { SignInRoutes } from './sign-in/route.ts';
import { registerSessionCookie } from './sign-in/session-cookie.plugin.ts';
import { registerOAuthErrors } from './token/oauth-errors.plugin.ts';
import { TokenRoutes } from './token/route.ts';
import { TokenKeysRoutes } from './token-keys/route.ts';

/** Partners, users, customers and contacts, API clients, and every kind of sign-in. */
export const account = defineService({
  name: 'account',
  config,
  commandConfig: ['ACCOUNT_SECRET_KEY'],
  migrations: join(import.meta.dirname, '../migrations'),
  operations,
  routes: [
    ApiClientsRoutes,
    CmsSessionsRoutes,
    ContactsRoutes,
    CustomersRoutes,
    InvitationsRoutes,
    MeRoutes,
    PartnersRoutes,
    PartnerUsersRoutes,
    PortalSignInRoutes,
    SignInRoutes,
    TokenKeysRoutes,
    TokenRoutes,
  ],
  deps: openDeps,
  handlers,
  jobs: (deps) => [{ name: 'prune', everySeconds: 600, run: () => prune(deps) }],
  // Its own keys, without a request to itself.
  verifier: ({ keys, clock }) => createTokenVerifier({ jwks: keys.jwks, clock }),
  server: ({ trustedProxies }) => ({
    trustedProxy: [...trustedProxies],
    plugins: async (app) => {
      await registerSessionCookie(app);
      await app.register(formbody);
      registerOAuthErrors(app);
    },
  }),
  commands,
});

/**
 * The `create-staff` command, for programs.
 * @param env the environment of the service; needs DATABASE_URL and ACCOUNT_SECRET_KEY
 * @returns the token for `POST /v1/auth/invitations/{token}/accept`, good for 7 days
 * @throws ProblemError email_taken
 */
export const createStaff = (env: NodeJS.ProcessEnv, email: string, overrides: Overrides = {}): Promise<string> =>
  account.withStorage(env, overrides, (base) => inviteStaff(commandDeps(base), email));
