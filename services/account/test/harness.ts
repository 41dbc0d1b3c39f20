import type { Actor, JsonWebKeySet } from '@smartserver/contracts';
import { createSeal, createTokenVerifier } from '@smartserver/service-kit';
import {
  actors,
  createTestDatabase,
  fakeRelay,
  testClock,
  testIds,
  testLogger,
  testVerifier,
} from '@smartserver/testing';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { generateSync } from 'otplib';
import type { Deps } from '../src/deps.ts';
import { createGuessCounter } from '../src/guesses/counter.ts';
import { inviteStaff } from '../src/invitations/invite.ts';
import type { Tables } from '../src/model/tables.ts';
import { createSecrets } from '../src/security/secrets.ts';
import { account as service } from '../src/service.ts';
import type { Passwords } from '../src/sign-in/passwords.ts';
import { createKeyRing, ensureSigningKey } from '../src/token-keys/key-ring.ts';

export const PASSWORD = 'correct horse battery';

/** Cheap enough for tests that are about something else; sign-in/passwords.test.ts tests the real one. */
export const cheapPasswords = (): Passwords & { verified: (string | null)[] } => {
  const verified: (string | null)[] = [];
  return {
    verified,
    hash: async (password) => `hash of ${password}`,
    verify: async (passwordHash, password) => {
      verified.push(passwordHash);
      return passwordHash === `hash of ${password}`;
    },
  };
};

type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  body?: object;
  headers?: Record<string, string>;
};

/** The service on a database of its own, with a clock that tests set. `close` it. */
export const startTestApp = async () => {
  const database = await createTestDatabase<Tables>({ directories: [service.migrations], service: 'account' });
  const clock = testClock();
  const logger = testLogger();
  const secrets = createSecrets(Buffer.alloc(32, 7));
  const passwords = cheapPasswords();
  const base = { database, clock, secrets };
  await ensureSigningKey(base);
  const keys = createKeyRing(base);
  const deps = {
    ...base,
    ids: testIds(),
    logger,
    relay: fakeRelay,
    projections: { waitFor: (read) => read() },
    passwords,
    counter: createGuessCounter(base),
    mailSeal: createSeal(Buffer.alloc(32, 8)),
    keys,
    trustedProxies: ['loopback'],
  } satisfies Deps;
  // Tokens of the test key and tokens that this service gave both count.
  const jwks = async (): Promise<JsonWebKeySet> => ({
    keys: [...(await testVerifier.jwks()).keys, ...(await keys.jwks()).keys],
  });
  const app = await service.buildApp(deps, { verifier: createTokenVerifier({ jwks, clock }) });

  const call = ({ method, url, body, headers = {} }: Call): Promise<LightMyRequestResponse> =>
    app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) } satisfies InjectOptions);
  const as = (actor: Actor, request: Call) =>
    call({ ...request, headers: { authorization: `Bearer ${testVerifier.tokenFor(actor)}`, ...request.headers } });

  /** Partner with an id, made by staff. */
  const newPartner = async (name = 'Example Integrators Ltd'): Promise<string> => {
    const response = await as(actors.staff(), { method: 'POST', url: '/v1/partners', body: { name } });
    return response.json().partnerId;
  };
  const newCustomer = async (partnerId: string, name = 'P2022-0208'): Promise<string> => {
    const body = { name, partnerId };
    const response = await as(actors.staff(), { method: 'POST', url: '/v1/customers', body });
    return response.json().customerId;
  };
  const invite = (partnerId: string, body: { email: string; role: string }, headers = {}) =>
    as(actors.staff(), { method: 'POST', url: `/v1/partners/${partnerId}/users`, body, headers });
  const accept = (token: string, password = PASSWORD, headers = {}) =>
    call({ method: 'POST', url: `/v1/auth/invitations/${token}/accept`, body: { password }, headers });
  /** Active user of a new partner. */
  const newPartnerUser = async (email = 'user@example.com', role = 'admin') => {
    const partnerId = await newPartner();
    const invited = (await invite(partnerId, { email, role })).json();
    await accept(invited.invitationToken);
    return { partnerId, userId: invited.userId as string, email };
  };
  /** Invited, not accepted yet. @returns the token */
  const newStaffInvitation = (email: string) => inviteStaff(deps, email);
  const login = (body: object, from = '192.0.2.1', headers = {}) =>
    call({ method: 'POST', url: '/v1/auth/login', body, headers: { 'x-forwarded-for': from, ...headers } });

  return {
    ...deps,
    app,
    call,
    as,
    newPartner,
    newCustomer,
    invite,
    accept,
    newPartnerUser,
    newStaffInvitation,
    login,
    close: async () => {
      await app.close();
      await database.close();
    },
  };
};

export type TestApp = Awaited<ReturnType<typeof startTestApp>>;

export const otpAt = (secret: string, instant: Date): string =>
  generateSync({ secret, epoch: Math.floor(instant.getTime() / 1000) });

/** Value of the refresh cookie that an answer sets. */
export const refreshCookieOf = (response: LightMyRequestResponse): string => {
  const cookie = response.cookies.find(({ name }) => name === 'refresh_token');
  if (cookie === undefined) throw new Error('the answer sets no refresh cookie');
  return cookie.value;
};

/** Two answers without what differs in any two: the request id. */
export const withoutInstance = (response: LightMyRequestResponse) => {
  const { instance: _, ...body } = response.json();
  return { status: response.statusCode, type: response.headers['content-type'], body };
};
