import type {
  Controller,
  ControllerPage,
  InstallCodeText,
  PageCursor,
  PageLimit,
  Problem,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, setEtag } from '@smartserver/service-kit';
import {
  Delete,
  Example,
  Get,
  OperationId,
  Path,
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
import { controllerExample, toController } from '../model/controller.ts';
import { getController, listControllers, resetDeviceKey } from './controllers.ts';

const DEFAULT_LIMIT = 50;

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
  @OperationId('listControllers')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['controllers:read'])
  @Example<ControllerPage>({ items: [controllerExample], nextCursor: null })
  list(
    @Request() request: FastifyRequest,
    @Query() customerId?: Uuid,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<ControllerPage> {
    return listControllers(this.deps, contextOf(request), { customerId, cursor, limit: limit ?? DEFAULT_LIMIT });
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
  @Response<Problem>(404, 'controller_not_found')
  async get(@Request() request: FastifyRequest, @Path() installCode: InstallCodeText): Promise<Controller> {
    const controller = await getController(this.deps, contextOf(request), installCode);
    setEtag(request, controller.version);
    return toController(controller);
  }

  /**
   * Forget the device key of a controller that has lost it: its next contact under the same Customer ID enrols a new one.
   * @summary Reset a device key
   */
  @Delete('{installCode}/device-key')
  @OperationId('resetDeviceKey')
  @SuccessResponse(204, 'No content')
  @Security('oauth2', ['controllers:control'])
  @Response<Problem>(404, 'controller_not_found')
  resetDeviceKey(@Request() request: FastifyRequest, @Path() installCode: InstallCodeText): Promise<void> {
    return resetDeviceKey(this.deps, contextOf(request), installCode);
  }
}
