import {
  API_CLIENT_SCOPES,
  type ApiClient,
  type ApiClientPage,
  type ApiClientWithSecret,
  type CreateApiClientRequest,
  type Scope,
} from '@smartserver/contracts';
import {
  change,
  listPage,
  type PageRequest,
  problem,
  type RequestContext,
  type Tenant,
  tenantOf,
} from '@smartserver/service-kit';
import type { Updateable } from 'kysely';
import type { Deps } from '../deps.ts';
import { findPartner } from '../model/accounts.sql.ts';
import { type ApiClientRow, type ApiClientsTable, toApiClient } from '../model/api-client.ts';
import type { Trx } from '../model/tables.ts';
import { hashOfSecret } from '../security/secrets.ts';
import { partnerOfNew, visibleApiClients } from '../tenancy.ts';

/** The prefix lets secret scanners recognise one that was published by mistake. */
const SECRET_PREFIX = 'sscs_';

/** The secret is derived, so that a repeated request shows it again; the database keeps its hash only. */
const clientSecretOf = ({ secrets }: Deps, clientId: string, version: number): string =>
  `${SECRET_PREFIX}${secrets.derive('client-secret', clientId, version)}`;

export const isGrantable = (scope: string): scope is Scope => API_CLIENT_SCOPES.some((known) => known === scope);

/** @throws validation_failed for scopes that no client can have */
const readClientScopes = (scopes: readonly string[]): Scope[] => {
  const detail = 'An API client cannot have this scope.';
  const errors = scopes.flatMap((scope, index) =>
    isGrantable(scope) ? [] : [{ pointer: `/scopes/${index}`, code: 'scope_not_grantable', detail }],
  );
  if (errors.length > 0) throw problem('validation_failed', { errors });
  return scopes.filter(isGrantable);
};

/** What is kept of an answer: the secret is derived from it again. */
type StoredAnswer = { client: ApiClient; secretVersion: number };

const toStored = (row: ApiClientRow): StoredAnswer => ({ client: toApiClient(row), secretVersion: row.secret_version });

const withSecret = (deps: Deps, { client, secretVersion }: StoredAnswer): ApiClientWithSecret => ({
  ...client,
  clientSecret: clientSecretOf(deps, client.clientId, secretVersion),
});

/** @throws validation_failed for a scope that no client can have, partner_not_found */
export const createApiClient = async (
  deps: Deps,
  context: RequestContext,
  request: CreateApiClientRequest,
): Promise<ApiClientWithSecret> => {
  const tenant = tenantOf(context.actor);
  const partnerId = partnerOfNew(tenant, request.partnerId);
  const scopes = readClientScopes(request.scopes);
  const answer = await change(deps, context, async (trx) => {
    await findPartner(trx, tenant, partnerId);
    const clientId = deps.ids.ordered();
    const now = deps.clock.now();
    const client = await trx
      .insertInto('api_clients')
      .values({
        client_id: clientId,
        partner_id: partnerId,
        name: request.name.trim(),
        scopes,
        status: 'active',
        secret_hash: hashOfSecret(clientSecretOf(deps, clientId, 1)),
        secret_created_at: now,
        created_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return toStored(client);
  });
  return withSecret(deps, answer);
};

export const listApiClients = (deps: Deps, context: RequestContext, page: PageRequest): Promise<ApiClientPage> => {
  const query = deps.database.kysely.selectFrom('api_clients').selectAll();
  return listPage(query.where(visibleApiClients(tenantOf(context.actor))), page, { key: 'client_id' }, toApiClient);
};

/** @throws api_client_not_found */
const lockClient = async (trx: Trx, tenant: Tenant, clientId: string): Promise<ApiClientRow> => {
  const query = trx.selectFrom('api_clients').selectAll().where(visibleApiClients(tenant));
  const row = await query.where('client_id', '=', clientId).forUpdate().executeTakeFirst();
  if (row === undefined) throw problem('api_client_not_found');
  return row;
};

const updateClient = (trx: Trx, clientId: string, set: Updateable<ApiClientsTable>): Promise<ApiClientRow> =>
  trx.updateTable('api_clients').set(set).where('client_id', '=', clientId).returningAll().executeTakeFirstOrThrow();

/**
 * Gives a client a new secret; the old one is refused from the commit on.
 * @throws api_client_not_found, also for a revoked one: it stays revoked
 */
export const rotateApiClient = async (
  deps: Deps,
  context: RequestContext,
  clientId: string,
): Promise<ApiClientWithSecret> => {
  const answer = await change(deps, context, async (trx) => {
    const before = await lockClient(trx, tenantOf(context.actor), clientId);
    if (before.status !== 'active') throw problem('api_client_not_found');
    const version = before.secret_version + 1;
    const client = await updateClient(trx, clientId, {
      secret_version: version,
      secret_hash: hashOfSecret(clientSecretOf(deps, clientId, version)),
      secret_created_at: deps.clock.now(),
    });
    return toStored(client);
  });
  return withSecret(deps, answer);
};

/** Ends a client; a second time changes nothing. @throws api_client_not_found */
export const revokeApiClient = (deps: Deps, context: RequestContext, clientId: string): Promise<ApiClient> =>
  change(deps, context, async (trx) => {
    const client = await lockClient(trx, tenantOf(context.actor), clientId);
    return toApiClient(client.status === 'revoked' ? client : await updateClient(trx, clientId, { status: 'revoked' }));
  });
