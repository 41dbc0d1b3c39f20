import {
  type EntityTag,
  type InstallCodeText,
  type License,
  type LicenseHistoryPage,
  type LicenseKind,
  type LicensePage,
  type LicensePlace,
  type LicenseSearchText,
  type LicenseStatus,
  normalizeInstallCode,
  type PageCursor,
  type PageLimit,
  type Problem,
  type UpdateLicenseRequest,
  type Uuid,
} from '@smartserver/contracts';
import { contextOf, pageRequest, requireIfMatch, withEtag } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Get,
  Header,
  Patch,
  Path,
  Query,
  Request,
  Response,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { licenseExample } from '../model/license.ts';
import { annotateLicense } from './annotate-license.ts';
import { listLicenseHistory } from './list-license-history.ts';
import { getLicense, listLicenses } from './list-licenses.ts';

@Route('v1/licenses')
@Tags('Licenses')
export class LicensesRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * The licenses that the caller may see, newest first: My Inventory (`place=inventory`), Customer Inventory, one customer's.
   * @summary List licenses
   * @param place Only those that are there.
   * @param customerId Only those of this customer/project, also while they are on a controller.
   * @param installCode Only those on this controller.
   * @param kind Only those of this kind.
   * @param status Only those that show this status now.
   * @param text Only those whose License ID begins so, or whose order reference or note holds it.
   */
  @Get()
  @Security('oauth2', ['licenses:read'])
  @Example<LicensePage>({ items: [licenseExample], nextCursor: null })
  listLicenses(
    @Request() request: FastifyRequest,
    @Query() place?: LicensePlace,
    @Query() customerId?: Uuid,
    @Query() installCode?: InstallCodeText,
    @Query() kind?: LicenseKind,
    @Query() status?: LicenseStatus,
    @Query() text?: LicenseSearchText,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<LicensePage> {
    const code = installCode === undefined ? undefined : normalizeInstallCode(installCode);
    const filter = { place, customerId, installCode: code, kind, status, text };
    return listLicenses(this.deps, contextOf(request), filter, pageRequest(limit, cursor));
  }

  /**
   * One license. Its `ETag` is what an edit has to bring back.
   * @summary Read a license
   */
  @Get('{licenseId}')
  @Security('oauth2', ['licenses:read'])
  @Example<License>(licenseExample)
  @Response<Problem>(404, 'license_not_found')
  async getLicense(@Request() request: FastifyRequest, @Path() licenseId: Uuid): Promise<License> {
    return withEtag(request, await getLicense(this.deps, contextOf(request), licenseId));
  }

  /**
   * Change the note of a license. While a take-back or split is pending, the answer is `license_not_available`.
   * @summary Annotate a license
   */
  @Patch('{licenseId}')
  @Security('oauth2', ['licenses:write'])
  @Example<License>(licenseExample)
  @Response<Problem>(404, 'license_not_found')
  @Response<Problem>(409, 'license_not_available')
  async updateLicense(
    @Request() request: FastifyRequest,
    @Path() licenseId: Uuid,
    @Body() body: UpdateLicenseRequest,
    @Header('If-Match') _ifMatch?: EntityTag,
  ): Promise<License> {
    const requireVersion = (version: number) => requireIfMatch(request, version);
    return withEtag(
      request,
      await annotateLicense(this.deps, contextOf(request), licenseId, body.note, requireVersion),
    );
  }

  /**
   * Every move of a license, oldest first. A customer reads of the time the license was its own.
   * @summary Read the history of a license
   */
  @Get('{licenseId}/history')
  @Security('oauth2', ['licenses:read'])
  @Example<LicenseHistoryPage>({
    items: [
      {
        entryId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d13',
        event: 'activated',
        at: '2026-03-02T08:30:00.000Z',
        actor: { kind: 'cms', id: '0302E1C2A8F40011' },
        customerId: '2133c667-af41-4518-94df-a2bb3b775330',
        installCode: '0302E1C2A8F40011',
        detail: null,
      },
    ],
    nextCursor: null,
  })
  @Response<Problem>(404, 'license_not_found')
  listLicenseHistory(
    @Request() request: FastifyRequest,
    @Path() licenseId: Uuid,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<LicenseHistoryPage> {
    return listLicenseHistory(this.deps, contextOf(request), licenseId, pageRequest(limit, cursor));
  }
}
