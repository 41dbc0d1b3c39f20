import type {
  CreateWebhookEndpointRequest,
  UpdateWebhookEndpointRequest,
  WebhookEndpoint,
  WebhookEndpointPage,
  WebhookEndpointWithSecret,
} from '@smartserver/contracts';
import {
  type Clock,
  change,
  type Database,
  decodeCursor,
  type Ids,
  problem,
  type RequestContext,
  type Seal,
  tenantOf,
  toPage,
} from '@smartserver/service-kit';
import { isPartner } from '../model/partner.ts';
import type { Tables } from '../model/tables.ts';
import { ownerOfNew } from '../tenancy.ts';
import { edited, MOST_ENDPOINTS, toEndpoint } from './endpoint.ts';
import {
  countEndpoints,
  deleteEndpoint,
  findEndpoint,
  giveUpPending,
  insertEndpoint,
  listEndpoints,
  lockEndpoint,
  updateEndpoint,
} from './endpoint-store.ts';
import { newSecret, OVERLAP_MS, openSecret, sealSecret } from './secret.ts';
import { type TargetRules, urlFault } from './target.ts';

export type WebhookDeps = {
  database: Database<Tables>;
  /** What a commit wakes: there may be something to send. */
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  /** By WEBHOOK_SEAL_KEY. */
  seal: Seal;
  rules: TargetRules;
};

/** What is kept of an answer under an idempotency key: the secret only sealed. */
type StoredAnswer = { endpoint: WebhookEndpoint; sealedSecret: string };

export type EndpointQuery = { partnerId: string | undefined; limit: number; cursor: string | undefined };

/** Where webhooks go. */
export class WebhookEndpointService {
  constructor(private readonly deps: WebhookDeps) {}

  /** @throws partner_not_found, webhook_endpoint_limit_reached, webhook_target_refused */
  async create(request: CreateWebhookEndpointRequest, context: RequestContext): Promise<WebhookEndpointWithSecret> {
    const { clock, ids, seal } = this.deps;
    const partnerId = ownerOfNew(tenantOf(context.actor), request.partnerId);
    if (partnerId === undefined) throw problem('partner_not_found');
    this.#refuseBadTarget(request.url);
    const answer = await change(this.deps, context, async (trx): Promise<StoredAnswer> => {
      const isUnknown = context.actor.kind === 'staff' && partnerId !== null && !(await isPartner(trx, partnerId));
      if (isUnknown) throw problem('partner_not_found');
      if ((await countEndpoints(trx, partnerId)) >= MOST_ENDPOINTS) throw problem('webhook_endpoint_limit_reached');
      const endpointId = ids.ordered();
      const now = clock.now();
      const sealedSecret = sealSecret(seal, newSecret(), endpointId);
      const row = await insertEndpoint(trx, {
        endpoint_id: endpointId,
        partner_id: partnerId,
        url: request.url,
        description: request.description ?? '',
        event_types: request.eventTypes,
        notify_email: request.notifyEmail ?? null,
        sealed_secret: sealedSecret,
        secret_created_at: now,
        created_at: now,
      });
      return { endpoint: toEndpoint(row, now), sealedSecret };
    });
    return this.#withSecret(answer);
  }

  async list(query: EndpointQuery, context: RequestContext): Promise<WebhookEndpointPage> {
    const { partnerId, limit } = query;
    const tenant = tenantOf(context.actor);
    const page = { partnerId, limit, after: decodeCursor(query.cursor) };
    const found = await listEndpoints(this.deps.database.kysely, tenant, page);
    const { rows, nextCursor } = toPage(found, limit, (row) => row.endpoint_id);
    const now = this.deps.clock.now();
    return { items: rows.map((row) => toEndpoint(row, now)), nextCursor };
  }

  /** @throws webhook_endpoint_not_found */
  async get(endpointId: string, context: RequestContext): Promise<WebhookEndpoint> {
    const row = await findEndpoint(this.deps.database.kysely, tenantOf(context.actor), endpointId);
    if (row === null) throw problem('webhook_endpoint_not_found');
    return toEndpoint(row, this.deps.clock.now());
  }

  /**
   * @param requireVersion throws unless the edit was made on this version
   * @throws webhook_endpoint_not_found, webhook_target_refused
   */
  update(
    endpointId: string,
    request: UpdateWebhookEndpointRequest,
    requireVersion: (version: number) => void,
    context: RequestContext,
  ): Promise<WebhookEndpoint> {
    return change(this.deps, context, async (trx) => {
      const before = await lockEndpoint(trx, tenantOf(context.actor), endpointId);
      if (before === null) throw problem('webhook_endpoint_not_found');
      requireVersion(before.version);
      this.#refuseBadTarget(request.url);
      const row = await updateEndpoint(trx, endpointId, edited(before, request));
      if (!row.enabled) await giveUpPending(trx, endpointId);
      return toEndpoint(row, this.deps.clock.now());
    });
  }

  /** @throws webhook_endpoint_not_found */
  async delete(endpointId: string, context: RequestContext): Promise<void> {
    await change(this.deps, context, async (trx) => {
      const endpoint = await lockEndpoint(trx, tenantOf(context.actor), endpointId);
      if (endpoint === null) throw problem('webhook_endpoint_not_found');
      await deleteEndpoint(trx, endpointId);
    });
  }

  /**
   * Gives an endpoint a new secret. The one that it replaces signs as well for a day; one from before that, no more.
   * @throws webhook_endpoint_not_found
   */
  async rotate(endpointId: string, context: RequestContext): Promise<WebhookEndpointWithSecret> {
    const { clock, seal } = this.deps;
    const answer = await change(this.deps, context, async (trx): Promise<StoredAnswer> => {
      const before = await lockEndpoint(trx, tenantOf(context.actor), endpointId);
      if (before === null) throw problem('webhook_endpoint_not_found');
      const now = clock.now();
      const sealedSecret = sealSecret(seal, newSecret(), endpointId);
      const row = await updateEndpoint(trx, endpointId, {
        sealed_secret: sealedSecret,
        secret_created_at: now,
        previous_sealed_secret: before.sealed_secret,
        previous_secret_expires_at: new Date(now.getTime() + OVERLAP_MS),
        version: before.version + 1,
      });
      return { endpoint: toEndpoint(row, now), sealedSecret };
    });
    return this.#withSecret(answer);
  }

  #refuseBadTarget(url: string): void {
    const detail = urlFault(url, this.deps.rules);
    if (detail === null) return;
    throw problem('webhook_target_refused', { errors: [{ pointer: '/url', code: 'webhook_target_refused', detail }] });
  }

  #withSecret({ endpoint, sealedSecret }: StoredAnswer): WebhookEndpointWithSecret {
    return { ...endpoint, secret: openSecret(this.deps.seal, sealedSecret, endpoint.endpointId) };
  }
}
