import type { CreateOfflineReturnRequest, OfflineReturn, Problem } from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
import { Body, Example, Post, Request, Response, Route, Security, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { handInReceipt } from './hand-in.ts';

@Route('v1/offline-returns')
@Tags('Offline activation')
export class OfflineReturnsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Hand in the receipt that a SmartServer made when licenses were removed from it offline. They are free for another one
   * then. The same receipt again changes nothing and gets the same answer.
   * @summary Hand in a return receipt
   */
  @Post()
  @Security('oauth2', ['offline-activations:write'])
  @Example<OfflineReturn>({
    installCode: '0302E1C2A8F40011',
    customerId: '2133c667-af41-4518-94df-a2bb3b775330',
    returned: ['e8b5f6a4-5d0c-4c56-8a0f-3f7f2f6f9d01'],
    serial: 5,
    returnedAt: '2026-06-02T08:30:00.000Z',
  })
  @Response<Problem>(422, 'receipt_invalid')
  createOfflineReturn(
    @Request() request: FastifyRequest,
    @Body() body: CreateOfflineReturnRequest,
  ): Promise<OfflineReturn> {
    return handInReceipt(this.deps, contextOf(request), body.receipt);
  }
}
