import type { CmsSession, CreateCmsSessionRequest, IdempotencyKey, Problem } from '@smartserver/contracts';
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
import { ACCESS_TOKEN_SECONDS } from '../keys/signing-keys.ts';
import type { TokenSigner } from '../keys/token-signer.ts';
import type { CmsSessionService } from './cms-session-service.ts';

@Route('v1/cms/sessions')
@Tags('Sign-in')
export class CmsSessionsController {
  constructor(
    private readonly sessions: CmsSessionService,
    private readonly signer: TokenSigner,
  ) {}

  /**
   * Sign in as the CMS Owner of a SmartServer. The proof is a JWS by the controller's device key; each works once, within 5
   * minutes of its time. The first contact enrols the key.
   * @summary Open a CMS session
   */
  @Post()
  @OperationId('createCmsSession')
  @SuccessResponse(201, 'Created')
  @Example<CmsSession>({
    accessToken: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2ln',
    tokenType: 'Bearer',
    expiresIn: 900,
    customerName: 'P2022-0208',
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(403, 'owner_required, device_proof_invalid, device_clock_wrong')
  @Response<Problem>(404, 'customer_not_found')
  @Response<Problem>(409, 'controller_in_use')
  @Response<Problem>(422, 'idempotency_key_reused')
  async create(
    @Request() request: FastifyRequest,
    @Body() body: CreateCmsSessionRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<CmsSession> {
    const session = await this.sessions.open(body, anonymousContextOf(request));
    return {
      accessToken: await this.signer.sign(session),
      tokenType: 'Bearer',
      expiresIn: ACCESS_TOKEN_SECONDS,
      customerName: session.customerName,
    };
  }
}
