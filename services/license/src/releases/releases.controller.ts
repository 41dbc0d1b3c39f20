import type {
  CreateReleaseRequest,
  EntityTag,
  IdempotencyKey,
  PageCursor,
  PageLimit,
  Problem,
  Release,
  ReleasePage,
  UpdateReleaseRequest,
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
  Post,
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
import { releaseExample } from './examples.ts';
import type { ReleaseService } from './release-service.ts';

const DEFAULT_LIMIT = 50;

@Route('v1/releases')
@Tags('Releases')
export class ReleasesController {
  constructor(private readonly releases: ReleaseService) {}

  /**
   * The catalogue of SmartServer releases, the newest version first.
   * @summary List releases
   */
  @Get()
  @OperationId('listReleases')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['releases:read'])
  @Example<ReleasePage>({ items: [releaseExample], nextCursor: null })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  list(@Query() limit?: PageLimit, @Query() cursor?: PageCursor): Promise<ReleasePage> {
    return this.releases.list(limit ?? DEFAULT_LIMIT, cursor);
  }

  /**
   * One release. Its `ETag` is what an edit has to bring back.
   * @summary Read a release
   */
  @Get('{releaseId}')
  @OperationId('getRelease')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['releases:read'])
  @Example<Release>(releaseExample)
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'release_not_found')
  async get(@Request() request: FastifyRequest, @Path() releaseId: Uuid): Promise<Release> {
    return tagged(request, await this.releases.get(releaseId));
  }

  /**
   * Add a release. The same version written in another way (`3.3 update 1`) is the same release.
   * @summary Add a release
   */
  @Post()
  @OperationId('createRelease')
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['releases:write'])
  @Example<Release>(releaseExample)
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(409, 'release_exists')
  @Response<Problem>(422, 'idempotency_key_reused')
  async create(
    @Request() request: FastifyRequest,
    @Body() body: CreateReleaseRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<Release> {
    return tagged(request, await this.releases.create(contextOf(request), body));
  }

  /**
   * Change class and date of a release. Its version stays: another version is another release.
   * @summary Edit a release
   */
  @Put('{releaseId}')
  @OperationId('updateRelease')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['releases:write'])
  @Example<Release>(releaseExample)
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'release_not_found')
  @Response<Problem>(412, 'precondition_failed')
  @Response<Problem>(428, 'precondition_required')
  async update(
    @Request() request: FastifyRequest,
    @Path() releaseId: Uuid,
    @Body() body: UpdateReleaseRequest,
    @Header('If-Match') _ifMatch?: EntityTag,
  ): Promise<Release> {
    const requireRevision = (revision: number) => requireIfMatch(request, revision);
    return tagged(request, await this.releases.update(contextOf(request), releaseId, body, requireRevision));
  }

  /**
   * Take a release out of the catalogue. Upgrades to its version are then decided by the version alone.
   * @summary Delete a release
   */
  @Delete('{releaseId}')
  @OperationId('deleteRelease')
  @SuccessResponse(204, 'No content')
  @Security('oauth2', ['releases:write'])
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'release_not_found')
  delete(@Request() request: FastifyRequest, @Path() releaseId: Uuid): Promise<void> {
    return this.releases.delete(contextOf(request), releaseId);
  }
}

const tagged = (request: FastifyRequest, release: Release): Release => {
  setEtag(request, release.revision);
  return release;
};
