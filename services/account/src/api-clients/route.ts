import type {
  ApiClient,
  ApiClientPage,
  ApiClientWithSecret,
  CreateApiClientRequest,
  PageCursor,
  PageLimit,
  Problem,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, pageRequest } from '@smartserver/service-kit';
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
import { apiClientExample } from '../model/api-client.ts';
import { createApiClient, listApiClients, revokeApiClient, rotateApiClient } from './api-clients.ts';

@Route('v1/api-clients')
@Tags('Accounts')
export class ApiClientsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Create an API client. Its secret is shown in this answer only.
   * @summary Create an API client
   */
  @Post()
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
  @Response<Problem>(404, 'partner_not_found')
  createApiClient(
    @Request() request: FastifyRequest,
    @Body() body: CreateApiClientRequest,
  ): Promise<ApiClientWithSecret> {
    return createApiClient(this.deps, contextOf(request), body);
  }

  /**
   * API clients of the partner, oldest first, revoked ones too.
   * @summary List API clients
   */
  @Get()
  @Security('oauth2', ['api-clients:read'])
  @Example<ApiClientPage>({ items: [apiClientExample], nextCursor: null })
  listApiClients(
    @Request() request: FastifyRequest,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<ApiClientPage> {
    return listApiClients(this.deps, contextOf(request), pageRequest(limit, cursor));
  }

  /**
   * Give an API client a new secret, shown in this answer only. The old one is refused from now on.
   * @summary Rotate the secret of an API client
   */
  @Post('{clientId}/rotate')
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
  @Response<Problem>(404, 'api_client_not_found')
  rotateApiClient(@Request() request: FastifyRequest, @Path() clientId: Uuid): Promise<ApiClientWithSecret> {
    return rotateApiClient(this.deps, contextOf(request), clientId);
  }

  /**
   * End an API client for good. Access tokens that it has end by themselves, within 15 minutes.
   * @summary Revoke an API client
   */
  @Post('{clientId}/revoke')
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
  @Response<Problem>(404, 'api_client_not_found')
  revokeApiClient(@Request() request: FastifyRequest, @Path() clientId: Uuid): Promise<ApiClient> {
    return revokeApiClient(this.deps, contextOf(request), clientId);
  }
}
