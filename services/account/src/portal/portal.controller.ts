import type {
  CreatePortalChallengeRequest,
  CreatePortalSessionRequest,
  IdempotencyKey,
  PortalChallenge,
  PortalSession,
  Problem,
  Uuid,
  VerifyPortalChallengeRequest,
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
import type { SessionAnswer } from '../http/session-answer.ts';
import type { PortalChallengeService } from './portal-challenge-service.ts';
import type { PortalSessionService } from './portal-session-service.ts';

@Route('v1/portal')
@Tags('Sign-in')
export class PortalController {
  constructor(
    private readonly sessions: PortalSessionService,
    private readonly challenges: PortalChallengeService,
    private readonly answer: SessionAnswer,
  ) {}

  /**
   * Sign in to the License Customer Portal with a License ID: it shows that license, and nothing else of its account. The answer
   * also sets the refresh cookie. An ID that is unknown, or whose license no customer has or is revoked, is answered
   * `license_not_found`, always alike.
   * @summary Sign in with a License ID
   */
  @Post('sessions')
  @OperationId('createPortalSession')
  @SuccessResponse(201, 'Created')
  @Example<PortalSession>({
    accessToken: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2ln',
    tokenType: 'Bearer',
    expiresIn: 900,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(404, 'license_not_found')
  @Response<Problem>(422, 'idempotency_key_reused')
  @Response<Problem>(429, 'rate_limited')
  async createSession(
    @Request() request: FastifyRequest,
    @Body() body: CreatePortalSessionRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<PortalSession> {
    const context = anonymousContextOf(request);
    return this.answer(request, await this.sessions.open(body.licenseId, request.ip, context));
  }

  /**
   * Ask for a one-time code by e-mail: six digits, good for 10 minutes and one sign-in. It is sent if a SmartServer partner has
   * added the address as a contact; the answer is the same if not. Asking for the same address again within the minute (of the
   * clock) gives another challenge for the same code, and sends no second e-mail.
   * @summary Ask for a sign-in code
   */
  @Post('challenges')
  @OperationId('createPortalChallenge')
  @SuccessResponse(202, 'Accepted')
  @Example<PortalChallenge>({
    challengeId: '7d1c6f0e-2f0a-4c59-9f3e-6b8a4c2d1e0f',
    expiresAt: '2026-03-01T12:10:00.000Z',
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(422, 'idempotency_key_reused')
  @Response<Problem>(429, 'rate_limited')
  createChallenge(
    @Request() request: FastifyRequest,
    @Body() body: CreatePortalChallengeRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<PortalChallenge> {
    return this.challenges.create(body.email, request.ip, anonymousContextOf(request));
  }

  /**
   * Sign in with the code from the e-mail: it shows the licenses of every account that lists the address as a contact. A challenge
   * may be tried five times; whatever is not right about it is answered `challenge_failed`. The answer also sets the refresh cookie.
   * @summary Sign in with a code
   */
  @Post('challenges/{challengeId}/verify')
  @OperationId('verifyPortalChallenge')
  @SuccessResponse(200, 'OK')
  @Example<PortalSession>({
    accessToken: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2ln',
    tokenType: 'Bearer',
    expiresIn: 900,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'challenge_failed')
  @Response<Problem>(422, 'idempotency_key_reused')
  @Response<Problem>(429, 'rate_limited')
  async verifyChallenge(
    @Request() request: FastifyRequest,
    @Path() challengeId: Uuid,
    @Body() body: VerifyPortalChallengeRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<PortalSession> {
    const context = anonymousContextOf(request);
    return this.answer(request, await this.challenges.verify(challengeId, body.code, request.ip, context));
  }
}
