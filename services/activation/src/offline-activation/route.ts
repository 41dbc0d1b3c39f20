import type {
  CreateOfflineActivationRequest,
  InstallCodeText,
  OfflineActivation,
  OfflineActivationPage,
  PageCursor,
  PageLimit,
  Problem,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, pageRequest, setHeader } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Get,
  Path,
  Post,
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
import { offlineActivationExample, toOfflineActivation } from '../model/offline-file.ts';
import { createOfflineActivation } from './create.ts';
import { downloadFile, findVisible, licenseFileExample, listOfflineActivations } from './files.ts';

@Route('v1/offline-activations')
@Tags('Offline activation')
export class OfflineActivationsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Activate a license on a SmartServer without Internet, by its install code or by the request file it made. This places the
   * license there at once: the cloud cannot see the import. Asked again for the same SmartServer, the answer and the file are
   * the same. Customers make files for capacity; Customer Success for every kind.
   * @summary Create an offline activation file
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['offline-activations:write'])
  @Example<OfflineActivation>(offlineActivationExample)
  @Response<Problem>(403, 'contact_customer_success, device_proof_invalid')
  @Response<Problem>(404, 'license_not_found')
  @Response<Problem>(
    409,
    'license_in_use, license_not_available, license_suspended, license_revoked, controller_in_use',
  )
  @Response<Problem>(422, 'request_file_invalid')
  createOfflineActivation(
    @Request() request: FastifyRequest,
    @Body() body: CreateOfflineActivationRequest,
  ): Promise<OfflineActivation> {
    return createOfflineActivation(this.deps, contextOf(request), body);
  }

  /**
   * Offline activations, the newest first. Those of licenses that were returned since stay in the list.
   * @summary List offline activations
   * @param licenseId Only those of this license.
   * @param installCode Only those for this SmartServer.
   */
  @Get()
  @Security('oauth2', ['offline-activations:read'])
  @Example<OfflineActivationPage>({ items: [offlineActivationExample], nextCursor: null })
  listOfflineActivations(
    @Request() request: FastifyRequest,
    @Query() licenseId?: Uuid,
    @Query() installCode?: InstallCodeText,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<OfflineActivationPage> {
    const filter = { licenseId, installCode };
    return listOfflineActivations(this.deps, contextOf(request), filter, pageRequest(limit, cursor));
  }

  /**
   * One offline activation.
   * @summary Read an offline activation
   */
  @Get('{offlineActivationId}')
  @Security('oauth2', ['offline-activations:read'])
  @Example<OfflineActivation>(offlineActivationExample)
  @Response<Problem>(404, 'offline_activation_not_found')
  async getOfflineActivation(
    @Request() request: FastifyRequest,
    @Path() offlineActivationId: Uuid,
  ): Promise<OfflineActivation> {
    return toOfflineActivation(await findVisible(this.deps, contextOf(request), offlineActivationId));
  }

  /**
   * The `.lic` file, to be imported in the CMS of the SmartServer. It is the same to the byte however often it is downloaded,
   * until the SmartServer is known to refuse it: then it is issued anew, with a higher serial.
   * @summary Download an offline activation file
   */
  @Get('{offlineActivationId}/file')
  @SuccessResponse(200, 'OK', 'text/plain')
  @Security('oauth2', ['offline-activations:read'])
  @Example<string>(licenseFileExample)
  @Response<Problem>(404, 'offline_activation_not_found')
  @Response<Problem>(409, 'file_superseded, license_suspended, license_revoked')
  async downloadOfflineActivationFile(
    @Request() request: FastifyRequest,
    @Path() offlineActivationId: Uuid,
  ): Promise<string> {
    const { file, fileName } = await downloadFile(this.deps, contextOf(request), offlineActivationId);
    // An install code has letters, digits and hyphens only: nothing to quote.
    setHeader(request, 'content-disposition', `attachment; filename="${fileName}"`);
    setHeader(request, 'content-type', 'text/plain; charset=utf-8');
    return file;
  }
}
