import type { CreateOrderRequest, IdempotencyKey, Order, Problem } from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Header,
  OperationId,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import { orderExample } from '../licenses/examples.ts';
import type { OrderService } from './order-service.ts';

@Route('v1/orders')
@Tags('Licenses')
export class OrdersController {
  constructor(private readonly orders: OrderService) {}

  /**
   * Add a purchase to a partner's inventory. Each license gets its License ID. A renewal is a maintenance license that names
   * the one it renews: alone with any number of devices, or one of several that have at most the devices of that one together.
   * @summary Add a purchase
   */
  @Post()
  @OperationId('createOrder')
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['orders:write'])
  @Example<Order>(orderExample)
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'partner_not_found')
  @Response<Problem>(422, 'renewal_mismatch, idempotency_key_reused')
  create(
    @Request() request: FastifyRequest,
    @Body() body: CreateOrderRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<Order> {
    return this.orders.create(contextOf(request), body);
  }
}
