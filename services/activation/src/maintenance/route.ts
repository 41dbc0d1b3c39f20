import type {
  Coverage,
  CreateUpgradeCheckRequest,
  InstallCodeText,
  Problem,
  SupportEligibility,
  UpgradeCheck,
  Uuid,
} from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
import { Body, Example, Get, Path, Post, Query, Request, Response, Route, Security, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { coverageExample, readCoverage } from './coverage.ts';
import { readSupport, supportExample } from './support.ts';
import { checkUpgrade, upgradeCheckExample } from './upgrade-check.ts';

@Route('v1')
@Tags('Maintenance')
export class MaintenanceRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Whether the maintenance in force on a controller meets or exceeds its capacity, and until when. A renewal that was
   * activated early counts from its own start.
   * @summary Read the coverage of a controller
   */
  @Get('controllers/{installCode}/coverage')
  @Security('oauth2', ['controllers:read'])
  @Example<Coverage>(coverageExample)
  @Response<Problem>(404, 'controller_not_found')
  getCoverage(@Request() request: FastifyRequest, @Path() installCode: InstallCodeText): Promise<Coverage> {
    return readCoverage(this.deps, contextOf(request), installCode);
  }

  /**
   * Whether a controller may install a release now. A refusal is an answer with its reason, not an error. Versions are written as
   * the vendor does: `3.3`, `3.3 Update 1` or, with a build, `4.40.012`.
   * @summary Check an upgrade
   */
  @Post('upgrade-checks')
  @Security('oauth2', ['controllers:read'])
  @Example<UpgradeCheck>(upgradeCheckExample)
  @Response<Problem>(404, 'controller_not_found')
  createUpgradeCheck(
    @Request() request: FastifyRequest,
    @Body() body: CreateUpgradeCheckRequest,
  ): Promise<UpgradeCheck> {
    return checkUpgrade(this.deps, contextOf(request), body);
  }

  /**
   * Whether priority support is due, to a customer/project or for a controller: while maintenance is in force, of however many
   * devices. Of a customer all of its maintenance counts, also what has been returned to the cloud: its term runs on.
   * @summary Read whether support is due
   * @param customerId Ask by this, or by `installCode`.
   * @param installCode Ask by this, or by `customerId`.
   */
  @Get('support-eligibility')
  @Security('oauth2', ['controllers:read'])
  @Example<SupportEligibility>(supportExample)
  @Response<Problem>(404, 'customer_not_found, controller_not_found')
  getSupportEligibility(
    @Request() request: FastifyRequest,
    @Query() customerId?: Uuid,
    @Query() installCode?: InstallCodeText,
  ): Promise<SupportEligibility> {
    return readSupport(this.deps, contextOf(request), { customerId, installCode });
  }
}
