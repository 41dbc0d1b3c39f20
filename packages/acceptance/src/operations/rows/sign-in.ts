import { randomUUID } from 'node:crypto';
import { ACCESS_TOKEN } from '@smartserver/contracts';
import { generateKey, signDeviceProof } from '@smartserver/license-document';
import type { Send } from '../http.ts';
import { newInstallCode, type Target } from '../target.ts';
import { ANYONE, plain, type Row, SIGNED_IN } from './row.ts';

/** First contact of a new SmartServer. */
export const cmsSession = (customerId: string, installCode: string) => ({
  customerId,
  installCode,
  proof: signDeviceProof({
    deviceKey: generateKey(),
    audience: ACCESS_TOKEN.audience,
    customerId,
    installCode,
    userType: 'owner',
    issuedAt: new Date(),
    nonce: randomUUID(),
  }),
});

const refreshCookie = async (login: object, send: Send): Promise<string> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await send({ method: 'POST', path: '/v1/auth/login', headers, body: JSON.stringify(login) });
  return [answer.headers['set-cookie']]
    .flat()
    .map((cookie) => cookie?.split(';')[0])
    .join('; ');
};

const accept = ({ invitation }: Target) => ({ path: { token: invitation() }, body: { password: randomUUID() } });

/** Operations in which the request itself says who asks: a token makes no difference. */
export const signInRows: Row[] = [
  { operationId: 'login', allowed: ANYONE, cases: [plain((_, { login }) => ({ body: login }))] },
  {
    operationId: 'refreshSession',
    allowed: ANYONE,
    cases: [plain(async (_, { login }, send) => ({ headers: { cookie: await refreshCookie(login, send) } }))],
  },
  {
    operationId: 'logout',
    allowed: ANYONE,
    cases: [plain(async (_, { login }, send) => ({ headers: { cookie: await refreshCookie(login, send) } }))],
  },
  {
    operationId: 'createToken',
    allowed: ANYONE,
    cases: [
      {
        ...plain((_, { client }) => ({
          body: { grant_type: 'client_credentials', client_id: client.clientId, client_secret: client.clientSecret },
        })),
        // A token would be a second credential in one request, which OAuth forbids.
        actors: ['nobody'],
      },
    ],
  },
  {
    operationId: 'acceptInvitation',
    allowed: ANYONE,
    cases: [{ about: 'path/token', missing: 'invitation_not_found', targets: ['own', 'unknown'], request: accept }],
  },
  {
    operationId: 'createCmsSession',
    allowed: ANYONE,
    cases: [
      {
        about: '/customerId',
        // Anyone who knows a Customer ID may link a new SmartServer to it (rule 13): there is no foreign one.
        targets: ['own', 'unknown'],
        missing: 'customer_not_found',
        request: ({ customerId }) => ({ body: cmsSession(customerId, newInstallCode()) }),
      },
    ],
  },
  {
    operationId: 'createPortalSession',
    allowed: ANYONE,
    cases: [
      {
        about: '/licenseId',
        // Anyone who holds a License ID sees that license: there is no foreign one.
        targets: ['own', 'unknown'],
        missing: 'license_not_found',
        request: ({ active }) => ({ body: { licenseId: active } }),
      },
      {
        about: '/licenseId of an inventory',
        targets: ['foreign', 'unknown'],
        missing: 'license_not_found',
        request: ({ inventory }) => ({ body: { licenseId: inventory() } }),
      },
    ],
  },
  {
    operationId: 'createPortalChallenge',
    allowed: ANYONE,
    cases: [plain(() => ({ body: { email: `nobody-${randomUUID()}@customer.example` } }))],
  },
  {
    operationId: 'verifyPortalChallenge',
    allowed: ANYONE,
    cases: [
      {
        about: 'path/challengeId',
        actors: ['nobody'],
        targets: ['own', 'unknown'],
        missing: 'challenge_failed',
        request: async ({ kind }, { challenge }) => {
          const { challengeId, code } =
            kind === 'own' ? await challenge() : { challengeId: randomUUID(), code: '123456' };
          return { path: { challengeId }, body: { code } };
        },
      },
    ],
  },
  { operationId: 'getTokenKeys', allowed: ANYONE, cases: [plain(() => ({}))] },
  { operationId: 'getMe', allowed: SIGNED_IN, cases: [plain(() => ({}))] },
];
