import type {
  ApiClient,
  ApiClientPage,
  ApiClientWithSecret,
  CreateApiClientRequest,
  IdempotencyKey,
  PageCursor,
  PageLimit,
  Problem,
  Uuid,
} from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
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
import type { ApiClientService } from './api-client-service.ts';

@Route('v1/api-clients')
@Tags('Accounts')
export class ApiClientsController {
  constructor(private readonly clients: ApiClientService) {}

  /**
   * Create an API client. Its secret is shown in this answer only.
   * @summary Create an API client
   */
  @Post()
  @OperationId('createApiClient')
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['api-clients:write'])
  @Example<ApiClientWithSecret>({
    clientId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    name: 'Warehouse system',
    scopes: ['licenses:read'],
    status: 'active',
    createdAt: '2026-03-01T12:00:00.000Z',
    secretCreatedAt: '2026-03-01T12:00:00.000Z',
    clientSecret: 'sscs_shown-once',
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'partner_not_found')
  @Response<Problem>(422, 'idempotency_key_reused')
  create(
    @Request() request: FastifyRequest,
    @Body() body: CreateApiClientRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<ApiClientWithSecret> {
    return this.clients.create(body, contextOf(request));
  }

  /**
   * API clients of the partner, oldest first, revoked ones too.
   * @summary List API clients
   */
  @Get()
  @OperationId('listApiClients')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['api-clients:read'])
  @Example<ApiClientPage>({
    items: [
      {
        clientId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
        partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
        name: 'Warehouse system',
        scopes: ['licenses:read'],
        status: 'active',
        createdAt: '2026-03-01T12:00:00.000Z',
        secretCreatedAt: '2026-03-01T12:00:00.000Z',
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
  ): Promise<ApiClientPage> {
    return this.clients.list(pageRequest(limit, cursor), contextOf(request));
  }

  /**
   * Give an API client a new secret, shown in this answer only. The old one is refused from now on.
   * @summary Rotate the secret of an API client
   */
  @Post('{clientId}/rotate')
  @OperationId('rotateApiClient')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['api-clients:write'])
  @Example<ApiClientWithSecret>({
    clientId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    name: 'Warehouse system',
    scopes: ['licenses:read'],
    status: 'active',
    createdAt: '2026-03-01T12:00:00.000Z',
    secretCreatedAt: '2026-04-01T12:00:00.000Z',
    clientSecret: 'sscs_shown-once',
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'api_client_not_found')
  @Response<Problem>(422, 'idempotency_key_reused')
  rotate(
    @Request() request: FastifyRequest,
    @Path() clientId: Uuid,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<ApiClientWithSecret> {
    return this.clients.rotate(clientId, contextOf(request));
  }

  /**
   * End an API client for good. Access tokens that it has end by themselves, within 15 minutes.
   * @summary Revoke an API client
   */
  @Post('{clientId}/revoke')
  @OperationId('revokeApiClient')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['api-clients:write'])
  @Example<ApiClient>({
    clientId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    name: 'Warehouse system',
    scopes: ['licenses:read'],
    status: 'revoked',
    createdAt: '2026-03-01T12:00:00.000Z',
    secretCreatedAt: '2026-03-01T12:00:00.000Z',
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'api_client_not_found')
  @Response<Problem>(422, 'idempotency_key_reused')
  revoke(
    @Request() request: FastifyRequest,
    @Path() clientId: Uuid,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<ApiClient> {
    return this.clients.revoke(clientId, contextOf(request));
  }
}
