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
import type { Deps } from '../deps.ts';
import { acceptInvitation } from './accept.ts';

@Route('v1/auth/invitations')
@Tags('Sign-in')
export class InvitationsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Set the password of an invited user. A token works once, within 7 days. Staff gets the secret of its second factor with
   * the answer.
   * @summary Accept an invitation
   */
  @Post('{token}/accept')
  @OperationId('acceptInvitation')
  @SuccessResponse(200, 'OK')
  @Example<AcceptedInvitation>({ email: 'integrator@example.com', secondFactor: null })
  @Response<Problem>(404, 'invitation_not_found')
  accept(
    @Request() request: FastifyRequest,
    @Path() token: InvitationToken,
    @Body() body: AcceptInvitationRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<AcceptedInvitation> {
    return acceptInvitation(this.deps, anonymousContextOf(request), token, body.password);
  }
}
