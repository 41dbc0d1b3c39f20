import type {
  CreateCustomerRequest,
  Customer,
  CustomerNamePart,
  CustomerPage,
  EntityTag,
  IdempotencyKey,
  PageCursor,
  PageLimit,
  Problem,
  UpdateCustomerRequest,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, requireIfMatch, setEtag } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Get,
  Header,
  OperationId,
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
import { pageRequest } from '../pages.ts';
import type { CustomerService } from './customer-service.ts';

@Route('v1/customers')
@Tags('Accounts')
export class CustomersController {
  constructor(private readonly customers: CustomerService) {}

  /**
   * Create a customer/project. Its Customer ID is what the CMS Owner enters on the SmartServer.
   * @summary Create a customer
   */
  @Post()
  @OperationId('createCustomer')
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['customers:write'])
  @Example<Customer>({
    customerId: '2133c667-af41-4518-94df-a2bb3b775330',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    name: 'P2022-0208',
    createdAt: '2026-03-01T12:00:00.000Z',
    version: 1,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'partner_not_found')
  @Response<Problem>(409, 'customer_name_taken')
  @Response<Problem>(422, 'idempotency_key_reused')
  async create(
    @Request() request: FastifyRequest,
    @Body() body: CreateCustomerRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<Customer> {
    return this.#render(request, await this.customers.create(body, contextOf(request)));
  }

  /**
   * Customers/projects, oldest first.
   * @summary List customers
   * @param name Only those whose name contains this, in any case.
   */
  @Get()
  @OperationId('listCustomers')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['customers:read'])
  @Example<CustomerPage>({
    items: [
      {
        customerId: '2133c667-af41-4518-94df-a2bb3b775330',
        partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
        name: 'P2022-0208',
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
    @Query() name?: CustomerNamePart,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<CustomerPage> {
    return this.customers.list({ name, ...pageRequest(limit, cursor) }, contextOf(request));
  }

  /**
   * One customer/project. The `ETag` is for its next edit; a change of its contacts gives it a new one.
   * @summary Get a customer
   */
  @Get('{customerId}')
  @OperationId('getCustomer')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['customers:read'])
  @Example<Customer>({
    customerId: '2133c667-af41-4518-94df-a2bb3b775330',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    name: 'P2022-0208',
    createdAt: '2026-03-01T12:00:00.000Z',
    version: 1,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'customer_not_found')
  async get(@Request() request: FastifyRequest, @Path() customerId: Uuid): Promise<Customer> {
    return this.#render(request, await this.customers.get(customerId, contextOf(request)));
  }

  /**
   * Rename a customer/project. Its Customer ID stays.
   * @summary Rename a customer
   */
  @Patch('{customerId}')
  @OperationId('updateCustomer')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['customers:write'])
  @Example<Customer>({
    customerId: '2133c667-af41-4518-94df-a2bb3b775330',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    name: 'P-Building 1',
    createdAt: '2026-03-01T12:00:00.000Z',
    version: 2,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'customer_not_found')
  @Response<Problem>(409, 'customer_name_taken')
  @Response<Problem>(412, 'precondition_failed')
  @Response<Problem>(428, 'precondition_required')
  async update(
    @Request() request: FastifyRequest,
    @Path() customerId: Uuid,
    @Body() body: UpdateCustomerRequest,
    @Header('If-Match') _version?: EntityTag,
  ): Promise<Customer> {
    const requireVersion = (version: number) => requireIfMatch(request, version);
    return this.#render(request, await this.customers.rename(customerId, body, requireVersion, contextOf(request)));
  }

  #render(request: FastifyRequest, customer: Customer): Customer {
    setEtag(request, customer.version);
    return customer;
  }
}
