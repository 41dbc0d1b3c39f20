import { type Actor, API_CLIENT_SCOPES, type ApiClient, type ProblemItem, type Scope } from '@smartserver/contracts';
import type { ApiClientRow } from '../db.ts';
import type { Secrets } from '../security/secrets.ts';

/** The prefix lets secret scanners recognise one that was published by mistake. */
const SECRET_PREFIX = 'sscs_';

/** The secret is derived, so that a repeated request shows it again; the database keeps its hash only. */
export const clientSecretOf = (secrets: Secrets, clientId: string, version: number): string =>
  `${SECRET_PREFIX}${secrets.derive('client-secret', clientId, version)}`;

const isGrantable = (scope: string): scope is Scope => API_CLIENT_SCOPES.some((known) => known === scope);

/** The scopes of a new client, or what is wrong with them. */
export const readClientScopes = (scopes: readonly string[]): { scopes: Scope[]; errors: ProblemItem[] } => ({
  scopes: scopes.filter(isGrantable),
  errors: scopes.flatMap((scope, index) =>
    isGrantable(scope)
      ? []
      : [{ pointer: `/scopes/${index}`, code: 'scope_not_grantable', detail: 'An API client cannot have this scope.' }],
  ),
});

/**
 * What a token may do: the scopes asked for, or all that the client has.
 * @param requested space separated (RFC 6749, section 3.3)
 * @returns null when one was asked for that the client does not have
 */
export const scopesOfToken = (client: Pick<ApiClientRow, 'scopes'>, requested: string | undefined): Scope[] | null => {
  // A scope that was taken out of the catalogue since is not given any more.
  const granted = client.scopes.filter(isGrantable);
  const asked = [...new Set((requested ?? '').split(' ').filter((scope) => scope !== ''))];
  if (asked.length === 0) return granted;
  const given = granted.filter((scope) => asked.includes(scope));
  return given.length === asked.length ? given : null;
};

export const actorOfClient = (client: ApiClientRow, scopes: Scope[]): Actor => ({
  kind: 'api_client',
  id: client.client_id,
  partnerId: client.partner_id,
  scopes,
});

export const toApiClient = (row: ApiClientRow): ApiClient => ({
  clientId: row.client_id,
  partnerId: row.partner_id,
  name: row.name,
  scopes: row.scopes,
  status: row.status,
  createdAt: row.created_at.toISOString(),
  secretCreatedAt: row.secret_created_at.toISOString(),
});
