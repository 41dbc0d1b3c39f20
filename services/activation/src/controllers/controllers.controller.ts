import type {
  Controller,
  ControllerPage,
  EntityTag,
  InstallCodeText,
  PageCursor,
  PageLimit,
  Problem,
  PutControllerRequest,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, requireIfMatch, setEtag } from '@smartserver/service-kit';
import {
  Body,
  Delete,
  Example,
  Get,
  Header,
  OperationId,
  Path,
  Put,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { ControllerService, VersionedController } from './controller-service.ts';
import { controllerExample } from './examples.ts';

const DEFAULT_LIMIT = 50;

@Route('v1/controllers')
@Tags('Controllers')
export class ControllersController {
  constructor(private readonly controllers: ControllerService) {}

  /**
   * Segment controllers by install code: a partner's are those of its customers; a CMS sees its own.
   * @summary List controllers
   * @param customerId Only those linked to this customer/project.
   */
  @Get()
  @OperationId('listControllers')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['controllers:read'])
  @Example<ControllerPage>({ items: [controllerExample], nextCursor: null })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  list(
    @Request() request: FastifyRequest,
    @Query() customerId?: Uuid,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<ControllerPage> {
    return this.controllers.list(contextOf(request), {
      ...(customerId === undefined ? {} : { customerId }),
      ...(cursor === undefined ? {} : { cursor }),
      limit: limit ?? DEFAULT_LIMIT,
    });
  }

  /**
   * One segment controller.
   * @summary Read a controller
   */
  @Get('{installCode}')
  @OperationId('getController')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['controllers:read'])
  @Example<Controller>(controllerExample)
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'controller_not_found')
  async get(@Request() request: FastifyRequest, @Path() installCode: InstallCodeText): Promise<Controller> {
    return tagged(request, await this.controllers.get(contextOf(request), installCode));
  }

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
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing, device_proof_invalid')
  @Response<Problem>(404, 'customer_not_found, controller_not_found')
  @Response<Problem>(409, 'controller_in_use')
  @Response<Problem>(412, 'precondition_failed')
  async put(
    @Request() request: FastifyRequest,
    @Path() installCode: InstallCodeText,
    @Body() body: PutControllerRequest,
    @Header('If-Match') ifMatch?: EntityTag,
  ): Promise<Controller> {
    // A PUT is whole and may be repeated, and a CMS sends one at each start: the precondition is the caller's to ask for.
    const inspect = (version: number): void => {
      if (ifMatch !== undefined) requireIfMatch(request, version);
    };
    return tagged(request, await this.controllers.put(contextOf(request), installCode, body, inspect));
  }

  /**
   * Forget the device key of a controller that has lost it: its next contact under the same Customer ID enrols a new one.
   * @summary Reset a device key
   */
  @Delete('{installCode}/device-key')
  @OperationId('resetDeviceKey')
  @SuccessResponse(204, 'No content')
  @Security('oauth2', ['controllers:control'])
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'controller_not_found')
  resetDeviceKey(@Request() request: FastifyRequest, @Path() installCode: InstallCodeText): Promise<void> {
    return this.controllers.resetDeviceKey(contextOf(request), installCode);
  }
}

const tagged = (request: FastifyRequest, { controller, version }: VersionedController): Controller => {
  setEtag(request, version);
  return controller;
};
