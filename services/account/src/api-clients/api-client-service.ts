import type { ApiClient, ApiClientPage, ApiClientWithSecret, CreateApiClientRequest } from '@smartserver/contracts';
import {
  type Clock,
  change,
  type Database,
  decodeCursor,
  type Ids,
  problem,
  type RequestContext,
  tenantOf,
  toPage,
} from '@smartserver/service-kit';
import type { AccountTables } from '../db.ts';
import type { PageRequest } from '../pages.ts';
import { findPartner } from '../partners/partner-store.ts';
import { hashOfSecret, type Secrets } from '../security/secrets.ts';
import { partnerOfNew } from '../tenancy.ts';
import { clientSecretOf, readClientScopes, toApiClient } from './api-client.ts';
import { insertClient, listClients, lockClient, replaceClientSecret, revokeClient } from './api-client-store.ts';

export type ApiClientDeps = {
  database: Database<AccountTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  secrets: Secrets;
};

/** What is kept of an answer: the secret is derived from it anew. */
type StoredAnswer = { client: ApiClient; secretVersion: number };

/** API clients: how a partner's own software signs in. */
export class ApiClientService {
  constructor(private readonly deps: ApiClientDeps) {}

  /** @throws validation_failed for a scope that no client can have, partner_not_found */
  async create(request: CreateApiClientRequest, context: RequestContext): Promise<ApiClientWithSecret> {
    const { clock, ids, secrets } = this.deps;
    const partnerId = partnerOfNew(tenantOf(context.actor), request.partnerId);
    const { scopes, errors } = readClientScopes(request.scopes);
    if (errors.length > 0) throw problem('validation_failed', { errors });
    const answer = await change(this.deps, context, async (trx): Promise<StoredAnswer> => {
      const partner = await findPartner(trx, context.actor, partnerId);
      if (partner === null) throw problem('partner_not_found');
      const clientId = ids.ordered();
      const client = await insertClient(trx, {
        clientId,
        partnerId,
        name: request.name,
        scopes,
        secretHash: hashOfSecret(clientSecretOf(secrets, clientId, 1)),
        createdAt: clock.now(),
      });
      return { client: toApiClient(client), secretVersion: client.secret_version };
    });
    return this.#withSecret(answer);
  }

  async list({ limit, cursor }: PageRequest, context: RequestContext): Promise<ApiClientPage> {
    const page = { after: decodeCursor(cursor), limit };
    const found = await listClients(this.deps.database.kysely, context.actor, page);
    const { rows, nextCursor } = toPage(found, limit, (row) => row.client_id);
    return { items: rows.map(toApiClient), nextCursor };
  }

  /**
   * Gives a client a new secret; the old one is refused from the commit on.
   * @throws api_client_not_found, also for a revoked one: it stays revoked
   */
  async rotate(clientId: string, context: RequestContext): Promise<ApiClientWithSecret> {
    const { clock, secrets } = this.deps;
    const answer = await change(this.deps, context, async (trx): Promise<StoredAnswer> => {
      const before = await lockClient(trx, context.actor, clientId);
      if (before?.status !== 'active') throw problem('api_client_not_found');
      const version = before.secret_version + 1;
      const hash = hashOfSecret(clientSecretOf(secrets, clientId, version));
      const client = await replaceClientSecret(trx, clientId, { version, hash, createdAt: clock.now() });
      return { client: toApiClient(client), secretVersion: version };
    });
    return this.#withSecret(answer);
  }

  /** Ends a client; a second time changes nothing. @throws api_client_not_found */
  revoke(clientId: string, context: RequestContext): Promise<ApiClient> {
    return change(this.deps, context, async (trx) => {
      const client = await lockClient(trx, context.actor, clientId);
      if (client === null) throw problem('api_client_not_found');
      return toApiClient(client.status === 'revoked' ? client : await revokeClient(trx, clientId));
    });
  }

  #withSecret({ client, secretVersion }: StoredAnswer): ApiClientWithSecret {
    return { ...client, clientSecret: clientSecretOf(this.deps.secrets, client.clientId, secretVersion) };
  }
}
