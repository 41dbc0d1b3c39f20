import type { AcceptedInvitation, AcceptInvitationRequest, InvitationToken, Problem } from '@smartserver/contracts';
import { anonymousContextOf } from '@smartserver/service-kit';
import { Body, Example, Path, Post, Request, Response, Route, Tags } from '@tsoa/runtime';
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
  @Example<AcceptedInvitation>({ email: 'integrator@example.com', secondFactor: null })
  @Response<Problem>(404, 'invitation_not_found')
  acceptInvitation(
    @Request() request: FastifyRequest,
    @Path() token: InvitationToken,
    @Body() body: AcceptInvitationRequest,
  ): Promise<AcceptedInvitation> {
    return acceptInvitation(this.deps, anonymousContextOf(request), token, body.password);
  }
}
