import type { Controller, EntityTag, InstallCodeText, Problem, PutControllerRequest } from '@smartserver/contracts';
import { contextOf, requireIfMatch, setEtag } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Header,
  OperationId,
  Path,
  Put,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { controllerExample, toController } from '../model/controller.ts';
import { putController } from './put-controller.ts';

@Route('v1/controllers')
@Tags('Controllers')
export class ControllerLinkRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Register or describe a controller. A CMS links itself to the Customer ID of its session, which enrols its device key. A partner
   * registers controllers of its customers ahead of their first contact. With `If-Match` the change is made only if nobody else
   * changed it.
   * @summary Register or describe a controller
   */
  @Put('{installCode}')
  @OperationId('putController')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['controllers:write'])
  @Example<Controller>(controllerExample)
  @Response<Problem>(403, 'device_proof_invalid')
  @Response<Problem>(404, 'customer_not_found, controller_not_found')
  @Response<Problem>(409, 'controller_in_use')
  async put(
    @Request() request: FastifyRequest,
    @Path() installCode: InstallCodeText,
    @Body() body: PutControllerRequest,
    @Header('If-Match') ifMatch?: EntityTag,
  ): Promise<Controller> {
    // A PUT is whole and may be repeated, and a CMS sends one at each start: the precondition is optional.
    const inspect = (version: number): void => {
      if (ifMatch !== undefined) requireIfMatch(request, version);
    };
    const controller = await putController(this.deps, contextOf(request), installCode, body, inspect);
    setEtag(request, controller.version);
    return toController(controller);
  }
}
