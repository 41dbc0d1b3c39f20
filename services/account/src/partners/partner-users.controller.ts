import type {
  IdempotencyKey,
  InvitedUser,
  InviteUserRequest,
  PageCursor,
  PageLimit,
  PartnerUserPage,
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
import type { InvitationService } from '../invitations/invitation-service.ts';
import { pageRequest } from '../pages.ts';
import type { PartnerService } from './partner-service.ts';

@Route('v1/partners/{partnerId}/users')
@Tags('Accounts')
export class PartnerUsersController {
  constructor(
    private readonly partners: PartnerService,
    private readonly invitations: InvitationService,
  ) {}

  /**
   * Invite a user of a partner: hand the invitation token over, it works once, within 7 days. Inviting an address again that
   * has not accepted yet replaces role and token.
   * @summary Invite a user
   */
  @Post()
  @OperationId('inviteUser')
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
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'partner_not_found')
  @Response<Problem>(409, 'email_taken')
  @Response<Problem>(422, 'idempotency_key_reused')
  invite(
    @Request() request: FastifyRequest,
    @Path() partnerId: Uuid,
    @Body() body: InviteUserRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<InvitedUser> {
    return this.invitations.invitePartnerUser(partnerId, body, contextOf(request));
  }

  /**
   * Users of a partner, oldest first.
   * @summary List users
   */
  @Get()
  @OperationId('listUsers')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['partners:read'])
  @Example<PartnerUserPage>({
    items: [
      {
        userId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
        email: 'integrator@example.com',
        role: 'admin',
        status: 'active',
        createdAt: '2026-03-01T12:00:00.000Z',
      },
    ],
    nextCursor: null,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'partner_not_found')
  list(
    @Request() request: FastifyRequest,
    @Path() partnerId: Uuid,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<PartnerUserPage> {
    return this.partners.listUsers(partnerId, pageRequest(limit, cursor), contextOf(request));
  }
}
