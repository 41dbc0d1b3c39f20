import type { Me, Problem } from '@smartserver/contracts';
import { contextOf, type Database } from '@smartserver/service-kit';
import { Example, Get, OperationId, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { AccountTables } from '../db.ts';
import { findUser } from '../users/user-store.ts';
import { toMe } from './me.ts';

@Route('v1/me')
@Tags('Sign-in')
export class MeController {
  constructor(private readonly database: Database<AccountTables>) {}

  /**
   * Who the access token belongs to, and what it may do.
   * @summary Who am I
   */
  @Get()
  @OperationId('getMe')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', [])
  @Example<Me>({
    kind: 'partner_user',
    id: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    scopes: ['customers:read', 'licenses:read', 'controllers:read', 'notifications:read'],
    email: 'integrator@example.com',
    partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
    role: 'viewer',
    customerId: null,
    installCode: null,
  })
  @Response<Problem>(401, 'unauthenticated')
  async get(@Request() request: FastifyRequest): Promise<Me> {
    const { actor } = contextOf(request);
    const isUser = actor.kind === 'staff' || actor.kind === 'partner_user';
    const user = isUser ? await findUser(this.database.kysely, actor.id) : null;
    return toMe(actor, user?.email ?? null);
  }
}
