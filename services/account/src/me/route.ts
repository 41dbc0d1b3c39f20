import type { Me } from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
import { Example, Get, Request, Route, Security, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { findUser } from '../model/accounts.sql.ts';

@Route('v1/me')
@Tags('Sign-in')
export class MeRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Who the access token belongs to, and what it may do.
   * @summary Who am I
   */
  @Get()
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
  async getMe(@Request() request: FastifyRequest): Promise<Me> {
    const { actor } = contextOf(request);
    const isUser = actor.kind === 'staff' || actor.kind === 'partner_user';
    const user = isUser ? await findUser(this.deps.database.kysely, actor.id) : undefined;
    return {
      kind: actor.kind,
      id: actor.id,
      scopes: [...actor.scopes],
      email: user?.email ?? null,
      partnerId: 'partnerId' in actor ? actor.partnerId : null,
      role: actor.kind === 'partner_user' ? actor.role : null,
      customerId: actor.kind === 'cms' ? actor.customerId : null,
      installCode: actor.kind === 'cms' ? actor.installCode : null,
    };
  }
}
