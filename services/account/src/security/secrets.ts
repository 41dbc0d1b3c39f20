import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { openSealedBytes, type RequestContext, sealBytes } from '@smartserver/service-kit';

/** What ACCOUNT_SECRET_KEY is good for. Each use has its own key, derived from that one. */
export type Secrets = {
  /**
   * A secret that is a function of what it belongs to, so that it can be shown again for a repeated request and is never
   * stored: HMAC-SHA-256 in base64url, 43 characters.
   * @param purpose separates the kinds of secrets from each other
   * @param parts ids and numbers that name the one thing; none holds a line break
   */
  derive(purpose: string, ...parts: (string | number)[]): string;
  /** Encrypts for the database. @param owner id of what it belongs to: moved to another row it does not open */
  seal(plain: Buffer, owner: string): Buffer;
  /** @throws Error when it was altered, moved, or sealed with another key */
  open(sealed: Buffer, owner: string): Buffer;
};

/** @param key the 32 bytes of ACCOUNT_SECRET_KEY */
export const createSecrets = (key: Buffer): Secrets => {
  const keyFor = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `smartserver-account ${use}`, 32));
  const derivationKey = keyFor('derivation');
  const sealingKey = keyFor('sealing');
  return {
    derive: (purpose, ...parts) =>
      createHmac('sha256', derivationKey)
        .update([purpose, ...parts].join('\n'))
        .digest('base64url'),

    seal: (plain, owner) => sealBytes(sealingKey, plain, owner),
    open: (sealed, owner) => openSealedBytes(sealingKey, sealed, owner),
  };
};

/** SHA-256, for the database. Enough for secrets of 256 bits; passwords need `Passwords`. */
export const hashOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Context of an operation that a caller without a token asks for. */
export type PublicContext = Pick<RequestContext, 'idempotency' | 'traceparent'>;

/**
 * The idempotency key of a request that carries a password or a proof. Its scope is the one who signs in, known by then. The
 * fingerprint is keyed, because a plain hash of a request that holds a password could be tried against a word list.
 */
export const credentialIdempotency = (
  { secrets }: { secrets: Secrets },
  { idempotency }: Pick<RequestContext, 'idempotency'>,
  scope: string,
): Pick<RequestContext, 'idempotency'> => ({
  idempotency: idempotency && {
    key: idempotency.key,
    scope,
    fingerprint: secrets.derive('request-fingerprint', idempotency.fingerprint),
  },
});
