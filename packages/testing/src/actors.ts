import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import {
  ACCESS_TOKEN,
  type Actor,
  API_CLIENT_SCOPES,
  CMS_SCOPES,
  CUSTOMER_SCOPES,
  type JsonWebKeySet,
  normalizeInstallCode,
  PARTNER_SCOPES,
  type PartnerRole,
  type Scope,
  STAFF_SCOPES,
} from '@smartserver/contracts';
import { actorToClaims, createTokenVerifier, type TokenVerifier } from '@smartserver/service-kit';

/** One of each kind of actor, with the scopes that account gives it. Ids not given are new ones. */
export const actors = {
  staff: (): Actor => ({ kind: 'staff', id: randomUUID(), scopes: STAFF_SCOPES }),

  partnerUser: (partnerId: string = randomUUID(), role: PartnerRole = 'admin'): Actor => ({
    kind: 'partner_user',
    id: randomUUID(),
    scopes: PARTNER_SCOPES[role],
    partnerId: partnerId,
    role,
  }),

  apiClient: (partnerId: string = randomUUID(), scopes: readonly Scope[] = API_CLIENT_SCOPES): Actor => ({
    kind: 'api_client',
    id: randomUUID(),
    scopes,
    partnerId: partnerId,
  }),

  cms: (of: { partnerId: string; customerId: string; installCode: string; deviceKey?: string }): Actor => ({
    kind: 'cms',
    id: of.installCode,
    scopes: CMS_SCOPES,
    partnerId: of.partnerId,
    customerId: of.customerId,
    installCode: normalizeInstallCode(of.installCode),
    deviceKey: of.deviceKey ?? createHash('sha256').update(of.installCode).digest('base64url'),
  }),

  customer: (of: { customerIds?: string[]; licenseIds?: string[] } = {}): Actor => ({
    kind: 'customer',
    id: randomUUID(),
    scopes: CUSTOMER_SCOPES,
    customerIds: of.customerIds ?? [],
    licenseIds: of.licenseIds ?? [],
  }),
};

type TestKey = { privateKey: KeyObject; jwks: JsonWebKeySet };

let key: TestKey | null = null;

const testKey = (): TestKey => {
  if (key === null) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const { x = '' } = publicKey.export({ format: 'jwk' });
    const jwk = { kty: 'OKP', crv: 'Ed25519', x, kid: 'test-key', alg: ACCESS_TOKEN.algorithm, use: 'sig' };
    key = { privateKey, jwks: { keys: [jwk] } };
  }
  return key;
};

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const seconds = (instant: string): number => Date.parse(instant) / 1_000;

/** A token of the test key, in force whatever a test's clock says. `claims` replaces single ones. */
const tokenFor = (actor: Actor, claims: Record<string, unknown> = {}): string => {
  const header = { alg: ACCESS_TOKEN.algorithm, typ: ACCESS_TOKEN.type, kid: 'test-key' };
  const payload = {
    iss: ACCESS_TOKEN.issuer,
    aud: ACCESS_TOKEN.audience,
    sub: actor.id,
    iat: seconds('2000-01-01T00:00:00Z'),
    exp: seconds('2200-01-01T00:00:00Z'),
    jti: randomUUID(),
    ...actorToClaims(actor),
    ...claims,
  };
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), testKey().privateKey).toString('base64url')}`;
};

let verifier: TokenVerifier | null = null;

const sharedVerifier = (): TokenVerifier => {
  verifier ??= createTokenVerifier({
    jwks: testVerifier.jwks,
    clock: { now: () => new Date('2026-03-01T12:00:00Z') },
  });
  return verifier;
};

/** Verifies as the services do, by a key of this process; `jwks` is for a service that is started whole. */
export const testVerifier: TokenVerifier & {
  tokenFor: typeof tokenFor;
  jwks: () => Promise<JsonWebKeySet>;
} = {
  register: (app) => sharedVerifier().register(app),
  verify: (request) => sharedVerifier().verify(request),
  tokenFor,
  jwks: () => Promise.resolve(testKey().jwks),
};
