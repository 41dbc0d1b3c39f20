import type {
  CreateWebhookEndpointRequest,
  EntityTag,
  PageCursor,
  PageLimit,
  Problem,
  UpdateWebhookEndpointRequest,
  Uuid,
  WebhookEndpoint,
  WebhookEndpointPage,
  WebhookEndpointWithSecret,
} from '@smartserver/contracts';
import { contextOf, pageRequest, requireIfMatch, withEtag } from '@smartserver/service-kit';
import {
  Body,
  Delete,
  Example,
  Get,
  Header,
  Path,
  Post,
  Put,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { createEndpoint } from './create.ts';
import { getEndpoint, listEndpoints } from './list.ts';
import { rotateSecret } from './rotate-secret.ts';
import { deleteEndpoint, updateEndpoint } from './update.ts';

@Route('v1/webhook-endpoints')
@Tags('Webhooks')
export class WebhookEndpointsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Have events sent to an address, signed as Standard Webhooks say. The secret that signatures are checked with is shown in this
   * answer only. Customer Success's own endpoints get the events of all partners. An owner has at most 20.
   * @summary Create a webhook endpoint
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['webhooks:write'])
  @Example<WebhookEndpointWithSecret>({
    endpointId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    url: 'https://integrator.example/hooks/smartserver',
    description: 'Warehouse system',
    eventTypes: ['licenses.activated', 'maintenance.expiring'],
    notifyEmail: 'operations@integrator.example',
    status: 'enabled',
    disabledReason: null,
    createdAt: '2026-03-01T12:00:00.000Z',
    secretCreatedAt: '2026-03-01T12:00:00.000Z',
    previousSecretExpiresAt: null,
    version: 1,
    secret: 'whsec_shown-once',
  })
  @Response<Problem>(404, 'partner_not_found')
  @Response<Problem>(409, 'webhook_endpoint_limit_reached')
  @Response<Problem>(422, 'webhook_target_refused')
  async createWebhookEndpoint(
    @Request() request: FastifyRequest,
    @Body() body: CreateWebhookEndpointRequest,
  ): Promise<WebhookEndpointWithSecret> {
    return withEtag(request, await createEndpoint(this.deps, contextOf(request), body));
  }

  /**
   * Webhook endpoints, oldest first.
   * @summary List webhook endpoints
   * @param partnerId Only those of this partner.
   */
  @Get()
  @Security('oauth2', ['webhooks:read'])
  @Example<WebhookEndpointPage>({
    items: [
      {
        endpointId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
        partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
        url: 'https://integrator.example/hooks/smartserver',
        description: 'Warehouse system',
        eventTypes: [],
        notifyEmail: null,
        status: 'failing',
        disabledReason: null,
        createdAt: '2026-03-01T12:00:00.000Z',
        secretCreatedAt: '2026-03-01T12:00:00.000Z',
        previousSecretExpiresAt: null,
        version: 1,
      },
    ],
    nextCursor: null,
  })
  listWebhookEndpoints(
    @Request() request: FastifyRequest,
    @Query() partnerId?: Uuid,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<WebhookEndpointPage> {
    return listEndpoints(this.deps, contextOf(request), partnerId, pageRequest(limit, cursor));
  }

  /**
   * One webhook endpoint. The `ETag` is for its next edit.
   * @summary Get a webhook endpoint
   */
  @Get('{endpointId}')
  @Security('oauth2', ['webhooks:read'])
  @Example<WebhookEndpoint>({
    endpointId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    url: 'https://integrator.example/hooks/smartserver',
    description: 'Warehouse system',
    eventTypes: ['licenses.activated'],
    notifyEmail: null,
    status: 'enabled',
    disabledReason: null,
    createdAt: '2026-03-01T12:00:00.000Z',
    secretCreatedAt: '2026-03-01T12:00:00.000Z',
    previousSecretExpiresAt: null,
    version: 1,
  })
  @Response<Problem>(404, 'webhook_endpoint_not_found')
  async getWebhookEndpoint(@Request() request: FastifyRequest, @Path() endpointId: Uuid): Promise<WebhookEndpoint> {
    return withEtag(request, await getEndpoint(this.deps, contextOf(request), endpointId));
  }

  /**
   * Edit a webhook endpoint, disable it, or enable it again. What was not delivered when it was disabled has failed; it can be sent
   * again, delivery by delivery.
   * @summary Edit a webhook endpoint
   */
  @Put('{endpointId}')
  @Security('oauth2', ['webhooks:write'])
  @Example<WebhookEndpoint>({
    endpointId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    url: 'https://integrator.example/hooks/smartserver',
    description: 'Warehouse system',
    eventTypes: [],
    notifyEmail: null,
    status: 'disabled',
    disabledReason: 'owner',
    createdAt: '2026-03-01T12:00:00.000Z',
    secretCreatedAt: '2026-03-01T12:00:00.000Z',
    previousSecretExpiresAt: null,
    version: 2,
  })
  @Response<Problem>(404, 'webhook_endpoint_not_found')
  @Response<Problem>(422, 'webhook_target_refused')
  async updateWebhookEndpoint(
    @Request() request: FastifyRequest,
    @Path() endpointId: Uuid,
    @Body() body: UpdateWebhookEndpointRequest,
    @Header('If-Match') _version?: EntityTag,
  ): Promise<WebhookEndpoint> {
    const requireVersion = (version: number) => requireIfMatch(request, version);
    const context = contextOf(request);
    return withEtag(request, await updateEndpoint(this.deps, context, endpointId, body, requireVersion));
  }

  /**
   * Delete a webhook endpoint with its deliveries. What is on its way at this moment may still arrive.
   * @summary Delete a webhook endpoint
   */
  @Delete('{endpointId}')
  @SuccessResponse(204, 'No content')
  @Security('oauth2', ['webhooks:write'])
  @Response<Problem>(404, 'webhook_endpoint_not_found')
  deleteWebhookEndpoint(@Request() request: FastifyRequest, @Path() endpointId: Uuid): Promise<void> {
    return deleteEndpoint(this.deps, contextOf(request), endpointId);
  }

  /**
   * Give an endpoint a new secret, shown in this answer only. For 24 hours webhooks carry two signatures, by the new secret and by the
   * former one, so that the receiver can be changed in between.
   * @summary Rotate the secret of a webhook endpoint
   */
  @Post('{endpointId}/rotate-secret')
  @Security('oauth2', ['webhooks:write'])
  @Example<WebhookEndpointWithSecret>({
    endpointId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    url: 'https://integrator.example/hooks/smartserver',
    description: 'Warehouse system',
    eventTypes: [],
    notifyEmail: null,
    status: 'enabled',
    disabledReason: null,
    createdAt: '2026-03-01T12:00:00.000Z',
    secretCreatedAt: '2026-04-01T12:00:00.000Z',
    previousSecretExpiresAt: '2026-04-02T12:00:00.000Z',
    version: 2,
    secret: 'whsec_shown-once',
  })
  @Response<Problem>(404, 'webhook_endpoint_not_found')
  async rotateWebhookSecret(
    @Request() request: FastifyRequest,
    @Path() endpointId: Uuid,
  ): Promise<WebhookEndpointWithSecret> {
    return withEtag(request, await rotateSecret(this.deps, contextOf(request), endpointId));
  }
}
