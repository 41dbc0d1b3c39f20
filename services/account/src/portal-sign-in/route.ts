import type {
  CreatePortalChallengeRequest,
  CreatePortalSessionRequest,
  PortalChallenge,
  PortalSession,
  Problem,
  Uuid,
  VerifyPortalChallengeRequest,
} from '@smartserver/contracts';
import { anonymousContextOf } from '@smartserver/service-kit';
import { Body, Example, Path, Post, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { renderSession } from '../sign-in/session-cookie.plugin.ts';
import { accessTokenExample } from '../token-keys/access-token.ts';
import { createChallenge } from './challenge.ts';
import { signInWithLicenseId } from './license-id.ts';
import { verifyChallenge } from './verify.ts';

@Route('v1/portal')
@Tags('Sign-in')
export class PortalSignInRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Sign in to the License Customer Portal with a License ID: it shows that license, and nothing else of its account. The answer
   * also sets the refresh cookie. An ID that is unknown, or whose license no customer has or is revoked, is answered
   * `license_not_found`, always alike.
   * @summary Sign in with a License ID
   */
  @Post('sessions')
  @SuccessResponse(201, 'Created')
  @Example<PortalSession>(accessTokenExample)
  @Response<Problem>(404, 'license_not_found')
  async createPortalSession(
    @Request() request: FastifyRequest,
    @Body() body: CreatePortalSessionRequest,
  ): Promise<PortalSession> {
    const context = anonymousContextOf(request);
    const session = await signInWithLicenseId(this.deps, context, body.licenseId, request.ip);
    return renderSession(this.deps, request, session);
  }

  /**
   * Ask for a one-time code by e-mail: six digits, good for 10 minutes and one sign-in. It is sent if a SmartServer partner has
   * added the address as a contact; the answer is the same if not. Asking for the same address again within the minute (of the
   * clock) gives another challenge for the same code, and sends no second e-mail.
   * @summary Ask for a sign-in code
   */
  @Post('challenges')
  @SuccessResponse(202, 'Accepted')
  @Example<PortalChallenge>({
    challengeId: '7d1c6f0e-2f0a-4c59-9f3e-6b8a4c2d1e0f',
    expiresAt: '2026-03-01T12:10:00.000Z',
  })
  createPortalChallenge(
    @Request() request: FastifyRequest,
    @Body() body: CreatePortalChallengeRequest,
  ): Promise<PortalChallenge> {
    return createChallenge(this.deps, anonymousContextOf(request), body.email, request.ip);
  }

  /**
   * Sign in with the code from the e-mail: it shows the licenses of every account that lists the address as a contact. A challenge
   * may be tried five times; whatever is not right about it is answered `challenge_failed`. The answer also sets the refresh cookie.
   * @summary Sign in with a code
   */
  @Post('challenges/{challengeId}/verify')
  @Example<PortalSession>(accessTokenExample)
  @Response<Problem>(401, 'challenge_failed')
  async verifyPortalChallenge(
    @Request() request: FastifyRequest,
    @Path() challengeId: Uuid,
    @Body() body: VerifyPortalChallengeRequest,
  ): Promise<PortalSession> {
    const context = anonymousContextOf(request);
    const session = await verifyChallenge(this.deps, context, challengeId, body.code, request.ip);
    return renderSession(this.deps, request, session);
  }
}
