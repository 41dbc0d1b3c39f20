import type {
  CreateTransferRequest,
  PageCursor,
  PageLimit,
  Problem,
  Transfer,
  TransferPage,
} from '@smartserver/contracts';
import { contextOf, pageRequest } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Get,
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
import { transferExample } from '../model/transfer.ts';
import { createTransfer } from './create-transfer.ts';
import { listTransfers } from './list-transfers.ts';

@Route('v1/transfers')
@Tags('Licenses')
export class TransfersRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Transfer licenses from the inventory to a customer/project. All of them move, or none does; `errors` names each license
   * that cannot.
   * @summary Transfer licenses
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['licenses:write'])
  @Example<Transfer>(transferExample)
  @Response<Problem>(404, 'customer_not_found, license_not_found')
  @Response<Problem>(409, 'license_not_available, license_suspended, license_revoked')
  createTransfer(@Request() request: FastifyRequest, @Body() body: CreateTransferRequest): Promise<Transfer> {
    return createTransfer(this.deps, contextOf(request), body);
  }

  /**
   * Transfers of licenses to customers/projects, newest first.
   * @summary List transfers
   */
  @Get()
  @Security('oauth2', ['licenses:read', 'customers:read'])
  @Example<TransferPage>({ items: [transferExample], nextCursor: null })
  listTransfers(
    @Request() request: FastifyRequest,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<TransferPage> {
    return listTransfers(this.deps, contextOf(request), pageRequest(limit, cursor));
  }
}
