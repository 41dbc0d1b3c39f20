import type { RequestContext } from '@smartserver/service-kit';
import type { Secrets } from './secrets.ts';

/**
 * The idempotency key of a request that carries a password or a proof. Its scope is the one who signs in, known by then. The
 * fingerprint is keyed, because a plain hash of a request that holds a password could be tried against a word list.
 */
export const credentialIdempotency = (
  secrets: Secrets,
  idempotency: RequestContext['idempotency'],
  scope: string,
): Pick<RequestContext, 'idempotency'> => ({
  idempotency: idempotency && {
    key: idempotency.key,
    scope,
    fingerprint: secrets.derive('request-fingerprint', idempotency.fingerprint),
  },
});
