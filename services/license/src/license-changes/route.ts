import type { LicenseChange, Problem, SplitLicenseRequest, Uuid } from '@smartserver/contracts';
import { contextOf, setHeader, setStatus } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Get,
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
import type { Deps } from '../deps.ts';
import { changeExample } from '../model/license-change.ts';
import { getLicenseChange, requestChange } from './request-change.ts';

/** Take-back and split need a license that a controller might hold: activation is asked for a hold first. */
@Route('v1')
@Tags('Licenses')
export class LicenseChangesRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Take a license back from a customer into the inventory: one that was never activated, or has been returned. Where that
   * cannot be settled within 2 seconds, the answer is 202 and `Location` tells where to ask again.
   * @summary Take a license back
   */
  @Post('licenses/{licenseId}/take-back')
  @SuccessResponse(200, 'Taken back')
  @Security('oauth2', ['licenses:write'])
  @Example<LicenseChange>(changeExample)
  @Response<LicenseChange>(202, 'Pending: ask again at `Location`')
  @Response<Problem>(404, 'license_not_found')
  @Response<Problem>(409, 'license_in_use, license_not_available, license_suspended, license_revoked')
  async takeBackLicense(@Request() request: FastifyRequest, @Path() licenseId: Uuid): Promise<LicenseChange> {
    return located(
      request,
      await requestChange(this.deps, contextOf(request), licenseId, { kind: 'take_back', device_counts: null }),
    );
  }

  /**
   * Split the device count of a license that is in the inventory, or with a customer but on no controller. The license keeps
   * the first count, each further count becomes a new license. Where that cannot be settled within 2 seconds, the answer is
   * 202 and `Location` tells where to ask again.
   * @summary Split a license
   */
  @Post('licenses/{licenseId}/split')
  @SuccessResponse(200, 'Split')
  @Security('oauth2', ['licenses:write'])
  @Example<LicenseChange>(changeExample)
  @Response<LicenseChange>(202, 'Pending: ask again at `Location`')
  @Response<Problem>(404, 'license_not_found')
  @Response<Problem>(409, 'license_in_use, license_not_available, license_suspended, license_revoked')
  @Response<Problem>(422, 'split_mismatch')
  async splitLicense(
    @Request() request: FastifyRequest,
    @Path() licenseId: Uuid,
    @Body() body: SplitLicenseRequest,
  ): Promise<LicenseChange> {
    const command = { kind: 'split', device_counts: body.deviceCounts } as const;
    return located(request, await requestChange(this.deps, contextOf(request), licenseId, command));
  }

  /**
   * What has become of a take-back or split. `refused` is an answer here: `refusal` says why.
   * @summary Read a license change
   */
  @Get('license-changes/{changeId}')
  @Security('oauth2', ['licenses:read'])
  @Example<LicenseChange>(changeExample)
  @Response<Problem>(404, 'license_change_not_found')
  getLicenseChange(@Request() request: FastifyRequest, @Path() changeId: Uuid): Promise<LicenseChange> {
    return getLicenseChange(this.deps, contextOf(request), changeId);
  }
}

const located = (request: FastifyRequest, change: LicenseChange): LicenseChange => {
  if (change.status === 'pending') {
    setStatus(request, 202);
    setHeader(request, 'location', `/v1/license-changes/${change.changeId}`);
  }
  return change;
};
