import type { AccessToken, IdempotencyKey, LoginRequest, Problem } from '@smartserver/contracts';
import { anonymousContextOf } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Header,
  OperationId,
  Post,
  Request,
  Response,
  Route,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import { clearRefreshCookie, readRefreshCookie } from '../http/refresh-cookie.ts';
import type { SessionAnswer } from '../http/session-answer.ts';
import type { SessionService } from './session-service.ts';

@Route('v1/auth')
@Tags('Sign-in')
export class SessionsController {
  constructor(
    private readonly sessions: SessionService,
    private readonly answer: SessionAnswer,
  ) {}

  /**
   * Sign in with e-mail address and password, and a one-time code where a second factor is set up. The answer also sets the
   * refresh cookie.
   * @summary Sign in
   */
  @Post('login')
  @OperationId('login')
  @SuccessResponse(200, 'OK')
  @Example<AccessToken>({
    accessToken: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2ln',
    tokenType: 'Bearer',
    expiresIn: 900,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'invalid_credentials, second_factor_required')
  @Response<Problem>(422, 'idempotency_key_reused')
  @Response<Problem>(429, 'rate_limited')
  async login(
    @Request() request: FastifyRequest,
    @Body() body: LoginRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<AccessToken> {
    return this.answer(request, await this.sessions.login(body, request.ip, anonymousContextOf(request)));
  }

  /**
   * Exchange the refresh cookie for a new one and a new access token. A cookie that was replaced within the last 10 seconds
   * gets the same successor again; one that was replaced earlier ends the session. Needs no idempotency key for that.
   * @summary Refresh a session
   */
  @Post('refresh')
  @OperationId('refreshSession')
  @SuccessResponse(200, 'OK')
  @Example<AccessToken>({
    accessToken: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2ln',
    tokenType: 'Bearer',
    expiresIn: 900,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'session_expired')
  async refresh(
    @Request() request: FastifyRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<AccessToken> {
    return this.answer(request, await this.sessions.refresh(readRefreshCookie(request)));
  }

  /**
   * End the session of the refresh cookie. Access tokens that it gave end by themselves, within 15 minutes.
   * @summary Sign out
   */
  @Post('logout')
  @OperationId('logout')
  @SuccessResponse(204, 'No content')
  @Response<Problem>(400, 'validation_failed')
  async logout(@Request() request: FastifyRequest, @Header('Idempotency-Key') _key?: IdempotencyKey): Promise<void> {
    clearRefreshCookie(request);
    await this.sessions.logout(readRefreshCookie(request));
  }
}
