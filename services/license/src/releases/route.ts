import type {
  CreateReleaseRequest,
  EntityTag,
  PageCursor,
  PageLimit,
  Problem,
  Release,
  ReleasePage,
  UpdateReleaseRequest,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, pageRequest, requireIfMatch, setEtag } from '@smartserver/service-kit';
import {
  Body,
  Delete,
  Example,
  Get,
  Header,
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
import type { Deps } from '../deps.ts';
import { releaseExample } from '../model/release.ts';
import { createRelease, deleteRelease, updateRelease } from './edit-release.ts';
import { getRelease, listReleases } from './list-releases.ts';

@Route('v1/releases')
@Tags('Releases')
export class ReleasesRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * The catalogue of SmartServer releases, the newest version first.
   * @summary List releases
   */
  @Get()
  @Security('oauth2', ['releases:read'])
  @Example<ReleasePage>({ items: [releaseExample], nextCursor: null })
  listReleases(@Query() limit?: PageLimit, @Query() cursor?: PageCursor): Promise<ReleasePage> {
    return listReleases(this.deps, pageRequest(limit, cursor));
  }

  /**
   * One release. Its `ETag` is what an edit has to bring back.
   * @summary Read a release
   */
  @Get('{releaseId}')
  @Security('oauth2', ['releases:read'])
  @Example<Release>(releaseExample)
  @Response<Problem>(404, 'release_not_found')
  async getRelease(@Request() request: FastifyRequest, @Path() releaseId: Uuid): Promise<Release> {
    return tagged(request, await getRelease(this.deps, releaseId));
  }

  /**
   * Add a release. The same version written in another way (`3.3 update 1`) is the same release.
   * @summary Add a release
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['releases:write'])
  @Example<Release>(releaseExample)
  @Response<Problem>(409, 'release_exists')
  async createRelease(@Request() request: FastifyRequest, @Body() body: CreateReleaseRequest): Promise<Release> {
    return tagged(request, await createRelease(this.deps, contextOf(request), body));
  }

  /**
   * Change class and date of a release. Its version stays: another version is another release.
   * @summary Edit a release
   */
  @Put('{releaseId}')
  @Security('oauth2', ['releases:write'])
  @Example<Release>(releaseExample)
  @Response<Problem>(404, 'release_not_found')
  async updateRelease(
    @Request() request: FastifyRequest,
    @Path() releaseId: Uuid,
    @Body() body: UpdateReleaseRequest,
    @Header('If-Match') _ifMatch?: EntityTag,
  ): Promise<Release> {
    const requireRevision = (revision: number) => requireIfMatch(request, revision);
    return tagged(request, await updateRelease(this.deps, contextOf(request), releaseId, body, requireRevision));
  }

  /**
   * Take a release out of the catalogue. Upgrades to its version are then decided by the version alone.
   * @summary Delete a release
   */
  @Delete('{releaseId}')
  @SuccessResponse(204, 'No content')
  @Security('oauth2', ['releases:write'])
  @Response<Problem>(404, 'release_not_found')
  deleteRelease(@Request() request: FastifyRequest, @Path() releaseId: Uuid): Promise<void> {
    return deleteRelease(this.deps, contextOf(request), releaseId);
  }
}

const tagged = (request: FastifyRequest, release: Release): Release => {
  setEtag(request, release.revision);
  return release;
};
