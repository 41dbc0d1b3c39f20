import type {
  InvitedUser,
  InviteUserRequest,
  PageCursor,
  PageLimit,
  PartnerRole,
  PartnerUserPage,
  Problem,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, listPage, pageRequest, tenantOf } from '@smartserver/service-kit';
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
import { invitePartnerUser } from '../invitations/invite.ts';
import { findPartner } from '../model/accounts.sql.ts';
import { partnerUserExample, toPartnerUser } from '../model/user.ts';

@Route('v1/partners/{partnerId}/users')
@Tags('Accounts')
export class PartnerUsersRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Invite a user of a partner: hand the invitation token over, it works once, within 7 days. Inviting an address again that
   * has not accepted yet replaces role and token.
   * @summary Invite a user
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['partners:write'])
  @Example<InvitedUser>({
    userId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    email: 'integrator@example.com',
    role: 'admin',
    status: 'invited',
    createdAt: '2026-03-01T12:00:00.000Z',
    invitationToken: 'shown-once',
    invitationExpiresAt: '2026-03-08T12:00:00.000Z',
  })
  @Response<Problem>(404, 'partner_not_found')
  @Response<Problem>(409, 'email_taken')
  inviteUser(
    @Request() request: FastifyRequest,
    @Path() partnerId: Uuid,
    @Body() body: InviteUserRequest,
  ): Promise<InvitedUser> {
    return invitePartnerUser(this.deps, contextOf(request), partnerId, body);
  }

  /**
   * Users of a partner, oldest first.
   * @summary List users
   */
  @Get()
  @Security('oauth2', ['partners:read'])
  @Example<PartnerUserPage>({ items: [partnerUserExample], nextCursor: null })
  @Response<Problem>(404, 'partner_not_found')
  async listUsers(
    @Request() request: FastifyRequest,
    @Path() partnerId: Uuid,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<PartnerUserPage> {
    const page = pageRequest(limit, cursor);
    const { kysely } = this.deps.database;
    await findPartner(kysely, tenantOf(contextOf(request).actor), partnerId);
    const users = kysely.selectFrom('users').selectAll().where('partner_id', '=', partnerId);
    return listPage(users.$narrowType<{ role: PartnerRole }>(), page, { key: 'user_id' }, toPartnerUser);
  }
}
