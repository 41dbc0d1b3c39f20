import { sign } from 'node:crypto';
import { ACCESS_TOKEN, type Actor } from '@smartserver/contracts';
import { actorToClaims } from '@smartserver/service-kit';
import type { KeyRing } from './signing-keys.ts';
import { ACCESS_TOKEN_SECONDS } from './signing-keys.ts';

/** All that an access token says. Signing it again gives the same token as long as the key is the same. */
export type TokenContent = {
  actor: Actor;
  /** `jti` of the token. */
  tokenId: string;
  issuedAt: string;
};

export type TokenSigner = {
  /** @returns an access token (RFC 9068), good for {@link ACCESS_TOKEN_SECONDS} from `issuedAt` on */
  sign(content: TokenContent): Promise<string>;
};

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export const createTokenSigner = (keys: KeyRing): TokenSigner => {
  // The header depends on the key alone.
  let header = { kid: '', encoded: '' };
  return {
    async sign({ actor, tokenId, issuedAt }) {
      const key = await keys.signingKey();
      if (header.kid !== key.kid) {
        const fields = { alg: ACCESS_TOKEN.algorithm, typ: ACCESS_TOKEN.type, kid: key.kid };
        header = { kid: key.kid, encoded: encode(fields) };
      }
      const iat = Math.floor(Date.parse(issuedAt) / 1000);
      const payload = encode({
        iss: ACCESS_TOKEN.issuer,
        aud: ACCESS_TOKEN.audience,
        sub: actor.id,
        iat,
        exp: iat + ACCESS_TOKEN_SECONDS,
        jti: tokenId,
        ...actorToClaims(actor),
      });
      const input = `${header.encoded}.${payload}`;
      return `${input}.${sign(null, Buffer.from(input), key.privateKey).toString('base64url')}`;
    },
  };
};
