import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import {
  buildServer,
  type Clock,
  type Database,
  type Ids,
  type Logger,
  type Seal,
  type ServerOptions,
  type TokenVerifier,
} from '@smartserver/service-kit';
import type { FastifyInstance } from 'fastify';
import { ApiClientService } from './api-clients/api-client-service.ts';
import { ApiClientsController } from './api-clients/api-clients.controller.ts';
import { TokenController } from './api-clients/token.controller.ts';
import { CmsSessionService } from './cms-sessions/cms-session-service.ts';
import { CmsSessionsController } from './cms-sessions/cms-sessions.controller.ts';
import { ContactService } from './customers/contact-service.ts';
import { ContactsController } from './customers/contacts.controller.ts';
import { CustomerService } from './customers/customer-service.ts';
import { CustomersController } from './customers/customers.controller.ts';
import type { AccountTables } from './db.ts';
import { operations } from './generated/operations.ts';
import { registerOAuthErrors } from './http/oauth-errors.ts';
import { createSessionAnswer } from './http/session-answer.ts';
import { InvitationService } from './invitations/invitation-service.ts';
import { InvitationsController } from './invitations/invitations.controller.ts';
import { JwksController } from './keys/jwks.controller.ts';
import type { KeyRing } from './keys/signing-keys.ts';
import { createTokenSigner } from './keys/token-signer.ts';
import { MeController } from './me/me.controller.ts';
import { PartnerService } from './partners/partner-service.ts';
import { PartnerUsersController } from './partners/partner-users.controller.ts';
import { PartnersController } from './partners/partners.controller.ts';
import { PortalController } from './portal/portal.controller.ts';
import { PortalChallengeService } from './portal/portal-challenge-service.ts';
import { createPortalGuesses } from './portal/portal-guess-service.ts';
import { PortalSessionService } from './portal/portal-session-service.ts';
import type { Passwords } from './security/passwords.ts';
import type { Secrets } from './security/secrets.ts';
import type { GuessCounter } from './sessions/guess-counter.ts';
import { createGuessLimiter } from './sessions/guess-limiter.ts';
import { SessionService } from './sessions/session-service.ts';
import { SessionsController } from './sessions/sessions.controller.ts';

export type AppDeps = {
  database: Database<AccountTables>;
  relay: { wake(): void };
  verifier: TokenVerifier;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  secrets: Secrets;
  passwords: Passwords;
  counter: GuessCounter;
  /** Shared with notification. */
  mailSeal: Seal;
  keys: KeyRing;
  /** The OpenAPI document of this service. */
  spec: object;
  readiness: ServerOptions['readiness'];
  trustedProxy: ServerOptions['trustedProxy'];
};

/** The HTTP side of the service. No I/O. */
export const buildApp = (deps: AppDeps): Promise<FastifyInstance> => {
  const { logger, clock, spec, verifier, readiness, trustedProxy } = deps;
  return buildServer({
    service: 'account',
    logger,
    clock,
    spec,
    operations,
    controllers: controllersOf(deps),
    verifier,
    readiness,
    trustedProxy,
    plugins: async (app) => {
      await app.register(cookie);
      await app.register(formbody);
      registerOAuthErrors(app);
    },
  });
};

const controllersOf = (appDeps: AppDeps): Record<string, object> => {
  const deps = { ...appDeps, limiter: createGuessLimiter(appDeps), portalGuesses: createPortalGuesses(appDeps) };
  const signer = createTokenSigner(deps.keys);
  const partners = new PartnerService(deps);
  const invitations = new InvitationService(deps);
  const sessions = new SessionService(deps);
  const answer = createSessionAnswer(signer, deps.secrets);
  return {
    ApiClientsController: new ApiClientsController(new ApiClientService(deps)),
    CmsSessionsController: new CmsSessionsController(new CmsSessionService(deps), signer),
    ContactsController: new ContactsController(new ContactService(deps)),
    CustomersController: new CustomersController(new CustomerService(deps)),
    InvitationsController: new InvitationsController(invitations),
    JwksController: new JwksController(deps.keys),
    MeController: new MeController(deps.database),
    PartnersController: new PartnersController(partners),
    PartnerUsersController: new PartnerUsersController(partners, invitations),
    PortalController: new PortalController(
      new PortalSessionService(deps, sessions),
      new PortalChallengeService(deps, sessions),
      answer,
    ),
    SessionsController: new SessionsController(sessions, answer),
    TokenController: new TokenController(deps, signer),
  };
};
