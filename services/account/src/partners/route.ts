import type {
  CreatePartnerRequest,
  PageCursor,
  PageLimit,
  Partner,
  PartnerPage,
  Problem,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, pageRequest, withEtag } from '@smartserver/service-kit';
import {
  Body,
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
import { partnerExample } from '../model/partner.ts';
import { createPartner, getPartner, listPartners } from './partners.ts';

@Route('v1/partners')
@Tags('Accounts')
export class PartnersRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Add a partner, with an empty inventory and no users yet.
   * @summary Create a partner
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['partners:write'])
  @Example<Partner>(partnerExample)
  async createPartner(@Request() request: FastifyRequest, @Body() body: CreatePartnerRequest): Promise<Partner> {
    return withEtag(request, await createPartner(this.deps, contextOf(request), body));
  }

  /**
   * All partners, oldest first.
   * @summary List partners
   */
  @Get()
  @Security('oauth2', ['partners:read'])
  @Example<PartnerPage>({ items: [partnerExample], nextCursor: null })
  listPartners(
    @Request() request: FastifyRequest,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<PartnerPage> {
    return listPartners(this.deps, contextOf(request), pageRequest(limit, cursor));
  }

  /**
   * One partner.
   * @summary Get a partner
   */
  @Get('{partnerId}')
  @Security('oauth2', ['partners:read'])
  @Example<Partner>(partnerExample)
  @Response<Problem>(404, 'partner_not_found')
  async getPartner(@Request() request: FastifyRequest, @Path() partnerId: Uuid): Promise<Partner> {
    return withEtag(request, await getPartner(this.deps, contextOf(request), partnerId));
  }
}
