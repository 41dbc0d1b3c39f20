import type {
  CreateReturnsRequest,
  IdempotencyKey,
  InstallCodeText,
  Problem,
  ReturnsResult,
} from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
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
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import { documentExample } from '../documents/example.ts';
import type { ReturnService } from './return-service.ts';

@Route('v1/controllers/{installCode}/returns')
@Tags('Activation')
export class ReturnsController {
  constructor(private readonly returns: ReturnService) {}

  /**
   * Transfer licenses back to the cloud: those named, or all that are on the controller. All of them are returned, or none is;
   * `errors` names each license that is not there. A license that was returned before is returned already.
   * @summary Return licenses
   */
  @Post()
  @OperationId('createReturns')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['activations:write'])
  @Example<ReturnsResult>({ returned: ['e8b5f6a4-5d0c-4c56-8a0f-3f7f2f6f9d01'], document: documentExample })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing, device_proof_invalid')
  @Response<Problem>(404, 'controller_not_found')
  @Response<Problem>(409, 'license_not_on_controller, controller_in_use')
  @Response<Problem>(422, 'idempotency_key_reused')
  @Response<Problem>(503, 'unavailable')
  create(
    @Request() request: FastifyRequest,
    @Path() installCode: InstallCodeText,
    @Body() body: CreateReturnsRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<ReturnsResult> {
    return this.returns.return(contextOf(request), installCode, body);
  }
}
