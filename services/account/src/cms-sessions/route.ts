import type { CmsSession, CreateCmsSessionRequest, Problem } from '@smartserver/contracts';
import { anonymousContextOf } from '@smartserver/service-kit';
import { Body, Example, Post, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { renderToken } from '../token-keys/access-token.ts';
import { openCmsSession } from './open.ts';

@Route('v1/cms/sessions')
@Tags('Sign-in')
export class CmsSessionsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Sign in as the CMS Owner of a SmartServer. The proof is a JWS by the controller's device key; each works once, within 5
   * minutes of its time. The first contact enrols the key.
   * @summary Open a CMS session
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Example<CmsSession>({
    accessToken: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2ln',
    tokenType: 'Bearer',
    expiresIn: 900,
    customerName: 'P2022-0208',
  })
  @Response<Problem>(403, 'owner_required, device_proof_invalid, device_clock_wrong')
  @Response<Problem>(404, 'customer_not_found')
  @Response<Problem>(409, 'controller_in_use')
  async createCmsSession(
    @Request() request: FastifyRequest,
    @Body() body: CreateCmsSessionRequest,
  ): Promise<CmsSession> {
    const session = await openCmsSession(this.deps, anonymousContextOf(request), body);
    return { ...(await renderToken(this.deps, session)), customerName: session.customerName };
  }
}
