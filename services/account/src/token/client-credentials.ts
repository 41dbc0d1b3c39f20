import { timingSafeEqual } from 'node:crypto';
import type { ClientCredentialsRequest, Scope } from '@smartserver/contracts';
import { problem, type TokenContent } from '@smartserver/service-kit';
import { isGrantable } from '../api-clients/api-clients.ts';
import type { Deps } from '../deps.ts';
import type { ApiClientRow } from '../model/api-client.ts';
import { hashOfSecret } from '../security/secrets.ts';
import { newToken } from '../token-keys/access-token.ts';

/**
 * The client credentials grant (RFC 6749, section 4.4).
 * @param authorization the header as it came in
 * @returns what the token will say
 * @throws invalid_client, validation_failed (at /scope, for a scope the client does not have)
 */
export const grantClientToken = async (
  deps: Deps,
  request: ClientCredentialsRequest,
  authorization: string | undefined,
): Promise<TokenContent> => {
  const { clientId, clientSecret } = readCredentials(request, authorization);
  const client = UUID.test(clientId) ? await findActiveClient(deps, clientId) : undefined;
  if (client === undefined || !timingSafeEqual(client.secret_hash, hashOfSecret(clientSecret))) {
    throw problem('invalid_client');
  }
  const scopes = scopesOfToken(client, request.scope);
  const actor = { kind: 'api_client', id: client.client_id, partnerId: client.partner_id, scopes } as const;
  return newToken(deps, actor, deps.clock.now());
};

/** No tenant filter: the caller has no token yet. */
const findActiveClient = ({ database }: Deps, clientId: string): Promise<ApiClientRow | undefined> => {
  const query = database.kysely.selectFrom('api_clients').selectAll().where('client_id', '=', clientId);
  return query.where('status', '=', 'active').executeTakeFirst();
};

/**
 * What a token may do: the scopes asked for, or all that the client has.
 * @param requested space separated (RFC 6749, section 3.3)
 * @throws validation_failed when one was asked for that the client does not have
 */
const scopesOfToken = (client: ApiClientRow, requested = ''): Scope[] => {
  // A scope that was taken out of the catalogue since is not given any more.
  const granted = client.scopes.filter(isGrantable);
  const asked = [...new Set(requested.split(' ').filter((scope) => scope !== ''))];
  if (asked.length === 0) return granted;
  const given = granted.filter((scope) => asked.includes(scope));
  if (given.length === asked.length) return given;
  const detail = 'A scope was asked for that the client does not have.';
  throw problem('validation_failed', { errors: [{ pointer: '/scope', code: 'invalid_scope', detail }] });
};

type Credentials = { clientId: string; clientSecret: string };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Form decoding, as RFC 6749, section 2.3.1 wants it inside of HTTP Basic. @returns null when it is broken */
const formDecode = (text: string): string | null => {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return null;
  }
};

/** Credentials of HTTP Basic. @returns null when there are none, or none that can be read */
const readBasic = (authorization: string): Credentials | null => {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const clientId = formDecode(text.slice(0, Math.max(colon, 0)));
  const clientSecret = formDecode(text.slice(colon + 1));
  return colon < 0 || clientId === null || clientSecret === null ? null : { clientId, clientSecret };
};

/**
 * Credentials from the header or the form; never both (RFC 6749, section 2.3).
 * @throws validation_failed, invalid_client
 */
const readCredentials = (request: ClientCredentialsRequest, authorization: string | undefined): Credentials => {
  if (authorization === undefined) {
    const { client_id: clientId, client_secret: clientSecret } = request;
    if (clientId === undefined || clientSecret === undefined) throw problem('invalid_client');
    return { clientId, clientSecret };
  }
  if (request.client_secret !== undefined) {
    const detail = 'Send the credentials in the Authorization header or in the form, not in both.';
    throw problem('validation_failed', { errors: [{ pointer: '/client_secret', code: 'not_allowed', detail }] });
  }
  const basic = readBasic(authorization);
  if (basic === null) throw problem('invalid_client');
  return basic;
};
