import type { CreateOrderRequest, Order, Problem } from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
import { Body, Example, Post, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { inventoryLicenseExample } from '../model/license.ts';
import { createOrder } from './create-order.ts';

@Route('v1/orders')
@Tags('Licenses')
export class OrdersRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Add a purchase to a partner's inventory. Each license gets its License ID. A renewal is a maintenance license that names
   * the one it renews: alone with any number of devices, or one of several that have at most the devices of that one together.
   * @summary Add a purchase
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['orders:write'])
  @Example<Order>({
    orderId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    reference: 'PO-2022-0417',
    createdAt: '2026-03-01T12:00:00.000Z',
    licenses: [inventoryLicenseExample],
  })
  @Response<Problem>(404, 'partner_not_found')
  @Response<Problem>(422, 'renewal_mismatch')
  createOrder(@Request() request: FastifyRequest, @Body() body: CreateOrderRequest): Promise<Order> {
    return createOrder(this.deps, contextOf(request), body);
  }
}
