import type { KeyObject } from 'node:crypto';
import { ACCESS_TOKEN, type Actor } from '@smartserver/contracts';
import { createSigner } from 'fast-jwt';
import { actorToClaims } from './claims.ts';

/** All that an access token says. Signing it again gives the same token as long as the key is the same. */
export type TokenContent = {
  actor: Actor;
  /** `jti` of the token. */
  tokenId: string;
  issuedAt: string;
};

/** Makes access tokens (RFC 9068), good for `lifetimeSeconds` from their `issuedAt` on. */
export type TokenSigner = (content: TokenContent, lifetimeSeconds: number) => string;

/**
 * A signer for one key, prepared once. By fast-jwt, of which `@fastify/jwt` is made: the plugin's own `sign` needs a server, and
 * prepares a key that it is given with a call each time (330 µs of CPU instead of 26 µs for a token).
 */
export const createTokenSigner = ({ kid, privateKey }: { kid: string; privateKey: KeyObject }): TokenSigner => {
  const sign = createSigner({
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    algorithm: ACCESS_TOKEN.algorithm,
    kid,
    header: { alg: ACCESS_TOKEN.algorithm, typ: ACCESS_TOKEN.type },
  });
  return ({ actor, tokenId, issuedAt }, lifetimeSeconds) => {
    const iat = Math.floor(Date.parse(issuedAt) / 1000);
    return sign({
      iss: ACCESS_TOKEN.issuer,
      aud: ACCESS_TOKEN.audience,
      sub: actor.id,
      iat,
      exp: iat + lifetimeSeconds,
      jti: tokenId,
      ...actorToClaims(actor),
    });
  };
};
