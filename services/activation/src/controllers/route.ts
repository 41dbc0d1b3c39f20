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
import { contextOf, pageRequest, requireIfMatch, withEtag } from '@smartserver/service-kit';
import {
  Body,
  Delete,
  Example,
  Get,
  Header,
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
import type { Deps } from '../deps.ts';
import { putController } from '../link-controller/put-controller.ts';
import { controllerExample, toController } from '../model/controller.ts';
import { getController, listControllers, resetDeviceKey } from './controllers.ts';

@Route('v1/controllers')
@Tags('Controllers')
export class ControllersRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Segment controllers by install code: a partner's are those of its customers; a CMS sees its own.
   * @summary List controllers
   * @param customerId Only those linked to this customer/project.
   */
  @Get()
  @Security('oauth2', ['controllers:read'])
  @Example<ControllerPage>({ items: [controllerExample], nextCursor: null })
  listControllers(
    @Request() request: FastifyRequest,
    @Query() customerId?: Uuid,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<ControllerPage> {
    return listControllers(this.deps, contextOf(request), customerId, pageRequest(limit, cursor));
  }

  /**
   * One segment controller.
   * @summary Read a controller
   */
  @Get('{installCode}')
  @Security('oauth2', ['controllers:read'])
  @Example<Controller>(controllerExample)
  @Response<Problem>(404, 'controller_not_found')
  async getController(@Request() request: FastifyRequest, @Path() installCode: InstallCodeText): Promise<Controller> {
    return toController(withEtag(request, await getController(this.deps, contextOf(request), installCode)));
  }

  /**
   * Register or describe a controller. A CMS links itself to the Customer ID of its session, which enrols its device key. A partner
   * registers controllers of its customers ahead of their first contact. With `If-Match` the change is made only if nobody else
   * changed it.
   * @summary Register or describe a controller
   */
  @Put('{installCode}')
  @Security('oauth2', ['controllers:write'])
  @Example<Controller>(controllerExample)
  @Response<Problem>(403, 'device_proof_invalid')
  @Response<Problem>(404, 'customer_not_found, controller_not_found')
  @Response<Problem>(409, 'controller_in_use')
  async putController(
    @Request() request: FastifyRequest,
    @Path() installCode: InstallCodeText,
    @Body() body: PutControllerRequest,
    @Header('If-Match') ifMatch?: EntityTag,
  ): Promise<Controller> {
    // A PUT is whole and may be repeated, and a CMS sends one at each start: the precondition is optional.
    const inspect = ({ version }: { version: number }): void => {
      if (ifMatch !== undefined) requireIfMatch(request, version);
    };
    return toController(
      withEtag(request, await putController(this.deps, contextOf(request), installCode, body, inspect)),
    );
  }

  /**
   * Forget the device key of a controller that has lost it: its next contact under the same Customer ID enrols a new one.
   * @summary Reset a device key
   */
  @Delete('{installCode}/device-key')
  @SuccessResponse(204, 'No content')
  @Security('oauth2', ['controllers:control'])
  @Response<Problem>(404, 'controller_not_found')
  resetDeviceKey(@Request() request: FastifyRequest, @Path() installCode: InstallCodeText): Promise<void> {
    return resetDeviceKey(this.deps, contextOf(request), installCode);
  }
}
