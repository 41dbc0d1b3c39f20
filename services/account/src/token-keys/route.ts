import type { JsonWebKeySet } from '@smartserver/contracts';
import { setHeader } from '@smartserver/service-kit';
import { Example, Get, Request, Route, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';

@Route('.well-known')
@Tags('Sign-in')
export class TokenKeysRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Public keys that access tokens are signed with (RFC 7517), newest first. A new key is here 15 minutes before it signs.
   * @summary Get the token keys
   */
  @Get('jwks.json')
  @Example<JsonWebKeySet>({
    keys: [
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
        alg: 'EdDSA',
        use: 'sig',
      },
    ],
  })
  getTokenKeys(@Request() request: FastifyRequest): Promise<JsonWebKeySet> {
    setHeader(request, 'cache-control', 'public, max-age=300');
    return this.deps.keys.jwks();
  }
}
