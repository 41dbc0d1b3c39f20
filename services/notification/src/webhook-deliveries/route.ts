import type {
  PageCursor,
  PageLimit,
  Problem,
  Uuid,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookDeliveryStatus,
  WebhookDeliveryWithMessage,
} from '@smartserver/contracts';
import { contextOf, pageRequest } from '@smartserver/service-kit';
import {
  Example,
  Get,
  Path,
  Post,
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
import { getDelivery, listDeliveries } from './list.ts';
import { redeliver, sendTest } from './send.ts';

@Route('v1/webhook-endpoints/{endpointId}')
@Tags('Webhooks')
export class WebhookDeliveriesRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Send an event of type `test` to a webhook endpoint now. It is tried again like any other.
   * @summary Send a test event
   */
  @Post('test')
  @SuccessResponse(202, 'Accepted')
  @Security('oauth2', ['webhooks:write'])
  @Example<WebhookDelivery>({
    deliveryId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
    messageId: 'msg_01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
    eventType: 'test',
    status: 'pending',
    attempts: 0,
    responseStatus: null,
    failure: null,
    createdAt: '2026-03-01T12:00:00.000Z',
    nextAttemptAt: '2026-03-01T12:00:00.000Z',
    deliveredAt: null,
  })
  @Response<Problem>(404, 'webhook_endpoint_not_found')
  @Response<Problem>(409, 'webhook_endpoint_disabled')
  testWebhookEndpoint(@Request() request: FastifyRequest, @Path() endpointId: Uuid): Promise<WebhookDelivery> {
    return sendTest(this.deps, contextOf(request), endpointId);
  }

  /**
   * What was sent to a webhook endpoint in the last 30 days, newest first.
   * @summary List the deliveries of a webhook endpoint
   * @param status Only those of this status.
   */
  @Get('deliveries')
  @Security('oauth2', ['webhooks:read'])
  @Example<WebhookDeliveryPage>({
    items: [
      {
        deliveryId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
        messageId: 'msg_01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
        eventType: 'licenses.activated',
        status: 'pending',
        attempts: 2,
        responseStatus: 503,
        failure: 'The receiver answered 503.',
        createdAt: '2026-03-01T12:00:00.000Z',
        nextAttemptAt: '2026-03-01T12:05:04.000Z',
        deliveredAt: null,
      },
    ],
    nextCursor: null,
  })
  @Response<Problem>(404, 'webhook_endpoint_not_found')
  listWebhookDeliveries(
    @Request() request: FastifyRequest,
    @Path() endpointId: Uuid,
    @Query() status?: WebhookDeliveryStatus,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<WebhookDeliveryPage> {
    return listDeliveries(this.deps, contextOf(request), endpointId, status, pageRequest(limit, cursor));
  }

  /**
   * One delivery with its message: the body as it was sent, but for white space.
   * @summary Get a delivery
   */
  @Get('deliveries/{deliveryId}')
  @Security('oauth2', ['webhooks:read'])
  @Example<WebhookDeliveryWithMessage>({
    deliveryId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
    messageId: 'msg_01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
    eventType: 'customer.changed',
    status: 'delivered',
    attempts: 1,
    responseStatus: 204,
    failure: null,
    createdAt: '2026-03-01T12:00:00.000Z',
    nextAttemptAt: null,
    deliveredAt: '2026-03-01T12:00:00.000Z',
    message: {
      type: 'customer.changed',
      timestamp: '2026-03-01T12:00:00.000Z',
      data: {
        customerId: '2133c667-af41-4518-94df-a2bb3b775330',
        partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
        name: 'P2022-0208',
        version: 2,
      },
    },
  })
  @Response<Problem>(404, 'webhook_endpoint_not_found, webhook_delivery_not_found')
  getWebhookDelivery(
    @Request() request: FastifyRequest,
    @Path() endpointId: Uuid,
    @Path() deliveryId: Uuid,
  ): Promise<WebhookDeliveryWithMessage> {
    return getDelivery(this.deps, contextOf(request), endpointId, deliveryId);
  }

  /**
   * Send a delivery again, with the same `webhook-id`, whatever came of it before.
   * @summary Send a delivery again
   */
  @Post('deliveries/{deliveryId}/redeliver')
  @SuccessResponse(202, 'Accepted')
  @Security('oauth2', ['webhooks:write'])
  @Example<WebhookDelivery>({
    deliveryId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
    messageId: 'msg_01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
    eventType: 'licenses.activated',
    status: 'pending',
    attempts: 10,
    responseStatus: null,
    failure: 'The receiver did not answer in time.',
    createdAt: '2026-03-01T12:00:00.000Z',
    nextAttemptAt: '2026-03-07T12:00:00.000Z',
    deliveredAt: null,
  })
  @Response<Problem>(404, 'webhook_endpoint_not_found, webhook_delivery_not_found')
  @Response<Problem>(409, 'webhook_endpoint_disabled')
  redeliverWebhook(
    @Request() request: FastifyRequest,
    @Path() endpointId: Uuid,
    @Path() deliveryId: Uuid,
  ): Promise<WebhookDelivery> {
    return redeliver(this.deps, contextOf(request), endpointId, deliveryId);
  }
}
