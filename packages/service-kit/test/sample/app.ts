import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { ACCESS_TOKEN, type Actor, type JsonWebKeySet, type Scope } from '@smartserver/contracts';
import type { FastifyInstance } from 'fastify';
import {
  actorToClaims,
  buildServer,
  type Clock,
  createLogger,
  createTokenVerifier,
  type ServerOptions,
  type TokenVerifier,
} from '../../src/index.ts';
import { operations } from './generated/operations.ts';
import { OpenRoutes, type ThingService, ThingsRoutes } from './things.route.ts';
import type { Thing } from './things.ts';

export const PARTNER = '5d0b7a3c-6f5e-4a57-9d7b-0c9a3f2e1b11';
export const THING_ID = '2133c667-af41-4518-94df-a2bb3b775330';

export const actorWith = (scopes: Scope[] = ['licenses:read', 'licenses:write'], id = 'user-1'): Actor => ({
  kind: 'partner_user',
  id,
  scopes,
  partnerId: PARTNER,
  role: 'member',
});

export const fixedClock = (start = '2026-03-01T12:00:00Z') => {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance: (ms: number) => {
      now += ms;
    },
  };
};

export type SigningKey = { kid: string; privateKey: KeyObject; jwk: JsonWebKeySet['keys'][number] };

export const signingKey = (kid: string): SigningKey => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { kid, privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' } };
};

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as account makes it; `header` and `claims` change it into one that account would not make. */
export const tokenOf = (
  key: SigningKey,
  actor: Actor,
  now: Date,
  { header = {}, claims = {} }: { header?: object; claims?: object } = {},
): string => {
  const iat = Math.floor(now.getTime() / 1_000);
  const input = `${part({ alg: 'EdDSA', typ: ACCESS_TOKEN.type, kid: key.kid, ...header })}.${part({
    iss: ACCESS_TOKEN.issuer,
    aud: ACCESS_TOKEN.audience,
    sub: actor.id,
    iat,
    exp: iat + 900,
    ...actorToClaims(actor),
    ...claims,
  })}`;
  return `${input}.${sign(null, Buffer.from(input), key.privateKey).toString('base64url')}`;
};

export const thing = (name = 'Pump'): Thing => ({
  thingId: THING_ID,
  name,
  count: 3,
  owner: null,
  kind: null,
  parent: null,
  at: null,
});

export const idle: ThingService = {
  create: async (_request, body) => thing(body.name),
  list: async () => ({ items: [thing()], nextCursor: null }),
  get: async () => thing(),
  edit: async () => thing(),
  open: async () => undefined,
};

export type Sample = {
  app: FastifyInstance;
  bearer: (actor?: Actor) => { authorization: string };
  lines: Record<string, unknown>[];
  /** What the routes call: a test may replace its functions. */
  things: ThingService;
};

/** The sample's server, with the behaviour of the test in place of the idle one. */
export const startSample = async (
  things: Partial<ThingService> = {},
  options: Partial<ServerOptions> & { level?: string } = {},
): Promise<Sample> => {
  const clock: Clock = fixedClock();
  const key = signingKey('key-1');
  const verifier: TokenVerifier = createTokenVerifier({ jwks: async () => ({ keys: [key.jwk] }), clock });
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()));
      done();
    },
  });
  const service = { ...idle, ...things };
  const app = await buildServer({
    service: 'sample',
    logger: createLogger({ service: 'sample', level: options.level ?? 'info', destination }),
    clock,
    spec: JSON.parse(readFileSync(join(__dirname, 'generated/openapi.json'), 'utf8')),
    operations,
    routes: { ThingsRoutes: new ThingsRoutes(service), OpenRoutes: new OpenRoutes(service) },
    verifier,
    readiness: {},
    // For the whole server, as account has it: operations that take JSON must still refuse forms.
    plugins: (server) => {
      server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) =>
        done(null, Object.fromEntries(new URLSearchParams(text.toString()))),
      );
    },
    ...options,
  });
  return {
    app,
    lines,
    things: service,
    bearer: (actor = actorWith()) => ({ authorization: `Bearer ${tokenOf(key, actor, clock.now())}` }),
  };
};

/** Port that the server listens on. */
export const portOf = (app: FastifyInstance): number => {
  const address = app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return address.port;
};
