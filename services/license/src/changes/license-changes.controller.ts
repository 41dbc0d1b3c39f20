import type { IdempotencyKey, LicenseChange, Problem, SplitLicenseRequest, Uuid } from '@smartserver/contracts';
import { contextOf, setHeader, setStatus } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Get,
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
import { changeExample } from '../licenses/examples.ts';
import type { ChangeService } from './change-service.ts';

/** What needs a license that a controller might hold: activation is asked to let go of it first. */
@Route('v1')
@Tags('Licenses')
export class LicenseChangesController {
  constructor(private readonly changes: ChangeService) {}

  /**
   * Take a license back from a customer into the inventory: one that was never activated, or has been returned. Where that
   * cannot be settled within 2 seconds, the answer is 202 and `Location` tells where to ask again.
   * @summary Take a license back
   */
  @Post('licenses/{licenseId}/take-back')
  @OperationId('takeBackLicense')
  @SuccessResponse(200, 'Taken back')
  @Security('oauth2', ['licenses:write'])
  @Example<LicenseChange>(changeExample)
  @Response<LicenseChange>(202, 'Pending: ask again at `Location`')
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'license_not_found')
  @Response<Problem>(409, 'license_in_use, license_not_available, license_suspended, license_revoked')
  @Response<Problem>(422, 'idempotency_key_reused')
  async takeBack(
    @Request() request: FastifyRequest,
    @Path() licenseId: Uuid,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<LicenseChange> {
    return located(request, await this.changes.request(contextOf(request), licenseId, { kind: 'take_back' }));
  }

  /**
   * Split the device count of a license that is in the inventory, or with a customer but on no controller. The license keeps
   * the first count, each further count becomes a new license. Where that cannot be settled within 2 seconds, the answer is
   * 202 and `Location` tells where to ask again.
   * @summary Split a license
   */
  @Post('licenses/{licenseId}/split')
  @OperationId('splitLicense')
  @SuccessResponse(200, 'Split')
  @Security('oauth2', ['licenses:write'])
  @Example<LicenseChange>(changeExample)
  @Response<LicenseChange>(202, 'Pending: ask again at `Location`')
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'license_not_found')
  @Response<Problem>(409, 'license_in_use, license_not_available, license_suspended, license_revoked')
  @Response<Problem>(422, 'split_mismatch, idempotency_key_reused')
  async split(
    @Request() request: FastifyRequest,
    @Path() licenseId: Uuid,
    @Body() body: SplitLicenseRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<LicenseChange> {
    const wish = { kind: 'split', deviceCounts: body.deviceCounts } as const;
    return located(request, await this.changes.request(contextOf(request), licenseId, wish));
  }

  /**
   * What has become of a take-back or split. `refused` is an answer here: `refusal` says why.
   * @summary Read a license change
   */
  @Get('license-changes/{changeId}')
  @OperationId('getLicenseChange')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['licenses:read'])
  @Example<LicenseChange>(changeExample)
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'license_change_not_found')
  get(@Request() request: FastifyRequest, @Path() changeId: Uuid): Promise<LicenseChange> {
    return this.changes.get(contextOf(request), changeId);
  }
}

const located = (request: FastifyRequest, change: LicenseChange): LicenseChange => {
  if (change.status === 'pending') {
    setStatus(request, 202);
    setHeader(request, 'location', `/v1/license-changes/${change.changeId}`);
  }
  return change;
};
