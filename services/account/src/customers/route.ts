import type {
  CreateCustomerRequest,
  Customer,
  CustomerNamePart,
  CustomerPage,
  EntityTag,
  PageCursor,
  PageLimit,
  Problem,
  UpdateCustomerRequest,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, pageRequest, requireIfMatch, withEtag } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Get,
  Header,
  Patch,
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
import { customerExample } from '../model/customer.ts';
import { createCustomer, getCustomer, listCustomers, renameCustomer } from './customers.ts';

@Route('v1/customers')
@Tags('Accounts')
export class CustomersRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Create a customer/project. Its Customer ID is what the CMS Owner enters on the SmartServer.
   * @summary Create a customer
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['customers:write'])
  @Example<Customer>(customerExample)
  @Response<Problem>(404, 'partner_not_found')
  @Response<Problem>(409, 'customer_name_taken')
  async createCustomer(@Request() request: FastifyRequest, @Body() body: CreateCustomerRequest): Promise<Customer> {
    return withEtag(request, await createCustomer(this.deps, contextOf(request), body));
  }

  /**
   * Customers/projects, oldest first.
   * @summary List customers
   * @param name Only those whose name contains this, in any case.
   */
  @Get()
  @Security('oauth2', ['customers:read'])
  @Example<CustomerPage>({ items: [customerExample], nextCursor: null })
  listCustomers(
    @Request() request: FastifyRequest,
    @Query() name?: CustomerNamePart,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<CustomerPage> {
    return listCustomers(this.deps, contextOf(request), name, pageRequest(limit, cursor));
  }

  /**
   * One customer/project. The `ETag` is for its next edit; a change of its contacts gives it a new one.
   * @summary Get a customer
   */
  @Get('{customerId}')
  @Security('oauth2', ['customers:read'])
  @Example<Customer>(customerExample)
  @Response<Problem>(404, 'customer_not_found')
  async getCustomer(@Request() request: FastifyRequest, @Path() customerId: Uuid): Promise<Customer> {
    return withEtag(request, await getCustomer(this.deps, contextOf(request), customerId));
  }

  /**
   * Rename a customer/project. Its Customer ID stays.
   * @summary Rename a customer
   */
  @Patch('{customerId}')
  @Security('oauth2', ['customers:write'])
  @Example<Customer>({
    customerId: '2133c667-af41-4518-94df-a2bb3b775330',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    name: 'P-Building 1',
    createdAt: '2026-03-01T12:00:00.000Z',
    version: 2,
  })
  @Response<Problem>(404, 'customer_not_found')
  @Response<Problem>(409, 'customer_name_taken')
  async updateCustomer(
    @Request() request: FastifyRequest,
    @Path() customerId: Uuid,
    @Body() body: UpdateCustomerRequest,
    @Header('If-Match') _version?: EntityTag,
  ): Promise<Customer> {
    const requireVersion = (version: number) => requireIfMatch(request, version);
    const renamed = await renameCustomer(this.deps, contextOf(request), customerId, body, requireVersion);
    return withEtag(request, renamed);
  }
}
