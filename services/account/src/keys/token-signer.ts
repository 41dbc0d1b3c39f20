import { createTokenSigner as signerOf, type TokenContent } from '@smartserver/service-kit';
import type { KeyRing } from './signing-keys.ts';
import { ACCESS_TOKEN_SECONDS } from './signing-keys.ts';

export type { TokenContent } from '@smartserver/service-kit';

export type TokenSigner = {
  /** @returns an access token (RFC 9068), good for {@link ACCESS_TOKEN_SECONDS} from `issuedAt` on */
  sign(content: TokenContent): Promise<string>;
};

export const createTokenSigner = (keys: KeyRing): TokenSigner => {
  // Prepared once for each key.
  let prepared: { kid: string; sign: ReturnType<typeof signerOf> } | null = null;
  return {
    async sign(content) {
      const key = await keys.signingKey();
      if (prepared?.kid !== key.kid) prepared = { kid: key.kid, sign: signerOf(key) };
      return prepared.sign(content, ACCESS_TOKEN_SECONDS);
    },
  };
};
