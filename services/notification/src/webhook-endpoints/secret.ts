import { randomBytes } from 'node:crypto';
import type { Seal } from '@smartserver/service-kit';
import { Webhook } from 'standardwebhooks';

/** The former secret signs as well for so long after it was replaced, in milliseconds. */
export const OVERLAP_MS = 24 * 3_600_000;

/** A secret as Standard Webhooks writes it: 32 random bytes. Not injected: a secret that can be foreseen is none. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** Only the endpoint that it belongs to opens it again. */
export const sealSecret = (seal: Seal, secret: string, endpointId: string): string => seal.seal({ secret }, endpointId);

/** @throws Error when it was altered, moved, or sealed with another key */
export const openSecret = (seal: Seal, sealed: string, endpointId: string): string => {
  const { secret } = seal.open(sealed, endpointId) as { secret: string };
  return secret;
};

/** The headers that every webhook carries: one signature for each secret, the newest first. [Standard Webhooks] */
export const signedHeaders = (
  secrets: readonly string[],
  { id, at, body }: { id: string; at: Date; body: string },
): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
});
