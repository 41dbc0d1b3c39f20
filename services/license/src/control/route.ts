import type { License, Problem, ReasonRequest, Uuid } from '@smartserver/contracts';
import { contextOf, withEtag } from '@smartserver/service-kit';
import { Body, Example, Path, Post, Request, Response, Route, Security, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { licenseExample } from '../model/license.ts';
import { controlLicense, type StandingCommand } from './control-license.ts';

/** Customer Success's control. */
@Route('v1/licenses/{licenseId}')
@Tags('Licenses')
export class ControlRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Suspend a license: it stays where it is, the next license document of its controller is without it, and it cannot move.
   * Suspending a suspended license changes nothing.
   * @summary Suspend a license
   */
  @Post('suspend')
  @Security('oauth2', ['licenses:control'])
  @Example<License>(licenseExample)
  @Response<Problem>(404, 'license_not_found')
  @Response<Problem>(409, 'license_revoked')
  suspendLicense(
    @Request() request: FastifyRequest,
    @Path() licenseId: Uuid,
    @Body() body: ReasonRequest,
  ): Promise<License> {
    return this.control(request, licenseId, 'suspend', body.reason);
  }

  /**
   * End the suspension of a license. Reinstating a license in good standing changes nothing.
   * @summary Reinstate a license
   */
  @Post('reinstate')
  @Security('oauth2', ['licenses:control'])
  @Example<License>(licenseExample)
  @Response<Problem>(404, 'license_not_found')
  @Response<Problem>(409, 'license_revoked')
  reinstateLicense(
    @Request() request: FastifyRequest,
    @Path() licenseId: Uuid,
    @Body() body: ReasonRequest,
  ): Promise<License> {
    return this.control(request, licenseId, 'reinstate', body.reason);
  }

  /**
   * Revoke a license for good. Revoking a revoked license changes nothing.
   * @summary Revoke a license
   */
  @Post('revoke')
  @Security('oauth2', ['licenses:control'])
  @Example<License>(licenseExample)
  @Response<Problem>(404, 'license_not_found')
  revokeLicense(
    @Request() request: FastifyRequest,
    @Path() licenseId: Uuid,
    @Body() body: ReasonRequest,
  ): Promise<License> {
    return this.control(request, licenseId, 'revoke', body.reason);
  }

  private async control(
    request: FastifyRequest,
    licenseId: string,
    command: StandingCommand,
    reason: string,
  ): Promise<License> {
    return withEtag(request, await controlLicense(this.deps, contextOf(request), licenseId, command, reason));
  }
}
