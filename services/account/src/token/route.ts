import type { ClientCredentialsRequest, OAuthToken, Problem } from '@smartserver/contracts';
import { Body, Consumes, Example, Post, Request, Response, Route, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { ACCESS_TOKEN_SECONDS } from '../token-keys/rotation.ts';
import { grantClientToken } from './client-credentials.ts';

@Route('v1/auth/token')
@Tags('Sign-in')
export class TokenRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * OAuth 2.0 client credentials grant (RFC 6749, section 4.4), form-encoded. Credentials come by HTTP Basic or in the form.
   * An error answer has the fields of RFC 6749 (`error`, `error_description`) next to those of a problem. A repeated request
   * gets another token and changes nothing, with or without an idempotency key.
   * @summary Get an access token for an API client
   */
  @Post()
  @Consumes('application/x-www-form-urlencoded')
  @Example<OAuthToken>({
    access_token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2ln',
    token_type: 'Bearer',
    expires_in: 900,
    scope: 'licenses:read customers:read',
  })
  @Response<Problem>(401, 'invalid_client')
  async createToken(@Request() request: FastifyRequest, @Body() body: ClientCredentialsRequest): Promise<OAuthToken> {
    const content = await grantClientToken(this.deps, body, request.headers.authorization);
    return {
      access_token: await this.deps.keys.sign(content),
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
      scope: content.actor.scopes.join(' '),
    };
  }
}
