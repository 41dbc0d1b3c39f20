import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Links by which the recipient of an e-mail ends e-mails of its kind, without signing in (RFC 8058). */
export type UnsubscribeLinks = {
  /** Names the e-mail, and says nothing of whose it is: addresses of pages end up in logs. */
  urlOf(emailId: string): string;
  /** @returns id of the e-mail that a link was made for; null: the link was not made here */
  emailIdOf(token: string): string | null;
};

/** Bytes of the proof: too many to guess, few enough for a link that mail programs leave whole. */
const PROOF_BYTES = 16;
const TOKEN = /^([0-9a-f]{32})([A-Za-z0-9_-]{22})$/;

/**
 * @param options.secret of the service; the key of the links is derived from it
 * @param options.publicUrl where people reach the gateway
 */
export const createUnsubscribeLinks = (options: { secret: Buffer; publicUrl: string }): UnsubscribeLinks => {
  const key = Buffer.from(hkdfSync('sha256', options.secret, Buffer.alloc(0), 'unsubscribe links', 32));
  const proofOf = (hex: string) => createHmac('sha256', key).update(hex).digest().subarray(0, PROOF_BYTES);
  return {
    urlOf(emailId) {
      const hex = emailId.replaceAll('-', '');
      return new URL(`/v1/unsubscriptions/${hex}${proofOf(hex).toString('base64url')}`, options.publicUrl).href;
    },
    emailIdOf(token) {
      const [, hex, proof] = TOKEN.exec(token) ?? [];
      if (hex === undefined || proof === undefined) return null;
      if (!timingSafeEqual(Buffer.from(proof, 'base64url'), proofOf(hex))) return null;
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
};
