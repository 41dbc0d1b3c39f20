import type {
  CreatePartnerRequest,
  IdempotencyKey,
  PageCursor,
  PageLimit,
  Partner,
  PartnerPage,
  Problem,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, setEtag } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Get,
  Header,
  OperationId,
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
import { pageRequest } from '../pages.ts';
import type { PartnerService } from './partner-service.ts';

@Route('v1/partners')
@Tags('Accounts')
export class PartnersController {
  constructor(private readonly partners: PartnerService) {}

  /**
   * Add a partner, with an empty inventory and no users yet.
   * @summary Create a partner
   */
  @Post()
  @OperationId('createPartner')
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['partners:write'])
  @Example<Partner>({
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    name: 'Example Integrators Ltd',
    createdAt: '2026-03-01T12:00:00.000Z',
    version: 1,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(422, 'idempotency_key_reused')
  async create(
    @Request() request: FastifyRequest,
    @Body() body: CreatePartnerRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<Partner> {
    const partner = await this.partners.create(body, contextOf(request));
    setEtag(request, partner.version);
    return partner;
  }

  /**
   * All partners, oldest first.
   * @summary List partners
   */
  @Get()
  @OperationId('listPartners')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['partners:read'])
  @Example<PartnerPage>({
    items: [
      {
        partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
        name: 'Example Integrators Ltd',
        createdAt: '2026-03-01T12:00:00.000Z',
        version: 1,
      },
    ],
    nextCursor: null,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  list(
    @Request() request: FastifyRequest,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<PartnerPage> {
    return this.partners.list(pageRequest(limit, cursor), contextOf(request));
  }

  /**
   * One partner.
   * @summary Get a partner
   */
  @Get('{partnerId}')
  @OperationId('getPartner')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['partners:read'])
  @Example<Partner>({
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    name: 'Example Integrators Ltd',
    createdAt: '2026-03-01T12:00:00.000Z',
    version: 1,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'partner_not_found')
  async get(@Request() request: FastifyRequest, @Path() partnerId: Uuid): Promise<Partner> {
    const partner = await this.partners.get(partnerId, contextOf(request));
    setEtag(request, partner.version);
    return partner;
  }
}
