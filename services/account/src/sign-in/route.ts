import type { AccessToken, LoginRequest, Problem } from '@smartserver/contracts';
import { anonymousContextOf } from '@smartserver/service-kit';
import { Body, Example, Post, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { accessTokenExample } from '../token-keys/access-token.ts';
import { login } from './login.ts';
import { logout, refresh } from './refresh.ts';
import { readRefreshCookie, renderSession, setRefreshCookie } from './session-cookie.plugin.ts';

@Route('v1/auth')
@Tags('Sign-in')
export class SignInRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Sign in with e-mail address and password, and a one-time code where a second factor is set up. The answer also sets the
   * refresh cookie.
   * @summary Sign in
   */
  @Post('login')
  @Example<AccessToken>(accessTokenExample)
  @Response<Problem>(401, 'invalid_credentials, second_factor_required')
  async login(@Request() request: FastifyRequest, @Body() body: LoginRequest): Promise<AccessToken> {
    const session = await login(this.deps, anonymousContextOf(request), body, request.ip);
    return renderSession(this.deps, request, session);
  }

  /**
   * Exchange the refresh cookie for a new one and a new access token. A cookie that was replaced within the last 10 seconds
   * gets the same successor again; one that was replaced earlier ends the session. Needs no idempotency key for that.
   * @summary Refresh a session
   */
  @Post('refresh')
  @Example<AccessToken>(accessTokenExample)
  @Response<Problem>(401, 'session_expired')
  async refreshSession(@Request() request: FastifyRequest): Promise<AccessToken> {
    return renderSession(this.deps, request, await refresh(this.deps, readRefreshCookie(request)));
  }

  /**
   * End the session of the refresh cookie. Access tokens that it gave end by themselves, within 15 minutes.
   * @summary Sign out
   */
  @Post('logout')
  @SuccessResponse(204, 'No content')
  async logout(@Request() request: FastifyRequest): Promise<void> {
    setRefreshCookie(request, '', 0);
    await logout(this.deps, readRefreshCookie(request));
  }
}
