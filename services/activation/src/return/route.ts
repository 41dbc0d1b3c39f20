import type { CreateReturnsRequest, InstallCodeText, Problem, ReturnsResult } from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
import { Body, Example, Path, Post, Request, Response, Route, Security, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { documentExample } from '../model/document.ts';
import { returnLicenses } from './return.ts';

@Route('v1/controllers/{installCode}/returns')
@Tags('Activation')
export class ReturnsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Transfer licenses back to the cloud: those named, or all that are on the controller. All of them are returned, or none is;
   * `errors` names each license that is not there. A license that was returned before is returned already.
   * @summary Return licenses
   */
  @Post()
  @Security('oauth2', ['activations:write'])
  @Example<ReturnsResult>({ returned: ['e8b5f6a4-5d0c-4c56-8a0f-3f7f2f6f9d01'], document: documentExample })
  @Response<Problem>(403, 'device_proof_invalid')
  @Response<Problem>(404, 'controller_not_found')
  @Response<Problem>(409, 'license_not_on_controller, controller_in_use')
  createReturns(
    @Request() request: FastifyRequest,
    @Path() installCode: InstallCodeText,
    @Body() body: CreateReturnsRequest,
  ): Promise<ReturnsResult> {
    return returnLicenses(this.deps, contextOf(request), installCode, body);
  }
}
