import type {
  AcceptedInvitation,
  AcceptInvitationRequest,
  IdempotencyKey,
  InvitationToken,
  Problem,
} from '@smartserver/contracts';
import { anonymousContextOf } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Header,
  OperationId,
  Path,
  Post,
  Request,
  Response,
  Route,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { InvitationService } from './invitation-service.ts';

@Route('v1/auth/invitations')
@Tags('Sign-in')
export class InvitationsController {
  constructor(private readonly invitations: InvitationService) {}

  /**
   * Set the password of an invited user. A token works once, within 7 days. Staff gets the secret of its second factor with
   * the answer.
   * @summary Accept an invitation
   */
  @Post('{token}/accept')
  @OperationId('acceptInvitation')
  @SuccessResponse(200, 'OK')
  @Example<AcceptedInvitation>({ email: 'integrator@example.com', secondFactor: null })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(404, 'invitation_not_found')
  @Response<Problem>(422, 'idempotency_key_reused')
  accept(
    @Request() request: FastifyRequest,
    @Path() token: InvitationToken,
    @Body() body: AcceptInvitationRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<AcceptedInvitation> {
    return this.invitations.accept(token, body.password, anonymousContextOf(request));
  }
}
