import type {
  AvailableLicensePage,
  ControllerLicensePage,
  InstallCodeText,
  PageCursor,
  PageLimit,
  Problem,
} from '@smartserver/contracts';
import { contextOf, pageRequest } from '@smartserver/service-kit';
import { Example, Get, Path, Query, Request, Response, Route, Security, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { listAvailableLicenses, listControllerLicenses } from './list.ts';

@Route('v1/controllers/{installCode}')
@Tags('Controllers')
export class ControllerLicensesRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * What is on the controller: the table of the Manage Licenses dialog, in the order of activation.
   * @summary List the licenses on a controller
   */
  @Get('licenses')
  @Security('oauth2', ['controllers:read'])
  @Example<ControllerLicensePage>({
    items: [
      {
        installCode: '0302E1C2A8F40011',
        segmentName: 'Building 1',
        licenseId: '5c8b6a51-0a4e-4d0c-9d0e-8a1f3a1d2b77',
        description: 'Maintenance, 1000 devices, 3 years',
        kind: 'maintenance',
        deviceCount: 1000,
        status: 'active',
        activatedAt: '2026-03-02T08:30:00.000Z',
        startsAt: '2026-03-02T08:30:00.000Z',
        expiresAt: '2029-03-02T08:30:00.000Z',
        note: '',
      },
    ],
    nextCursor: null,
  })
  @Response<Problem>(404, 'controller_not_found')
  listControllerLicenses(
    @Request() request: FastifyRequest,
    @Path() installCode: InstallCodeText,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<ControllerLicensePage> {
    return listControllerLicenses(this.deps, contextOf(request), installCode, pageRequest(limit, cursor));
  }

  /**
   * What the controller's account has in the cloud, ready to be downloaded. A CMS may ask before its controller is linked.
   * @summary List the licenses available for a controller
   */
  @Get('available-licenses')
  @Security('oauth2', ['controllers:read'])
  @Example<AvailableLicensePage>({
    items: [
      {
        licenseId: 'e8b5f6a4-5d0c-4c56-8a0f-3f7f2f6f9d01',
        description: 'Device capacity, 1000 devices',
        kind: 'capacity',
        deviceCount: 1000,
        termYears: null,
        startsAt: null,
        expiresAt: null,
      },
    ],
    nextCursor: null,
  })
  @Response<Problem>(404, 'controller_not_found')
  listAvailableLicenses(
    @Request() request: FastifyRequest,
    @Path() installCode: InstallCodeText,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<AvailableLicensePage> {
    return listAvailableLicenses(this.deps, contextOf(request), installCode, pageRequest(limit, cursor));
  }
}
