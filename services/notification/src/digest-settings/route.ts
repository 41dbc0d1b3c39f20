import type { DigestSettings, EntityTag, Problem, PutDigestSettingsRequest, Uuid } from '@smartserver/contracts';
import { contextOf, requireIfMatch, withEtag } from '@smartserver/service-kit';
import { Body, Example, Get, Header, Put, Query, Request, Response, Route, Security, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { getDigestSettings, putDigestSettings } from './settings.ts';

const example: DigestSettings = {
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  recipients: ['service@integrator.example'],
  thresholds: [90, 60, 30, 7, 1, 0],
  expirations: true,
  renewals: true,
  language: 'en',
  silenced: [],
  version: 1,
};

@Route('v1/notification-settings')
@Tags('Notifications')
export class DigestSettingsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Who gets the digests of maintenance: of a partner about all its customers/projects, of Customer Success about all partners.
   * Without recipients there are none.
   * @summary Get digest settings
   * @param partnerId Customer Success: those of this partner instead of its own.
   */
  @Get()
  @Security('oauth2', ['notifications:read'])
  @Example<DigestSettings>(example)
  @Response<Problem>(404, 'partner_not_found')
  async getDigestSettings(@Request() request: FastifyRequest, @Query() partnerId?: Uuid): Promise<DigestSettings> {
    return withEtag(request, await getDigestSettings(this.deps, contextOf(request), partnerId));
  }

  /**
   * Replace the digest settings.
   * @summary Edit digest settings
   * @param partnerId Customer Success: those of this partner instead of its own.
   */
  @Put()
  @Security('oauth2', ['notifications:write'])
  @Example<DigestSettings>(example)
  @Response<Problem>(404, 'partner_not_found')
  async putDigestSettings(
    @Request() request: FastifyRequest,
    @Body() body: PutDigestSettingsRequest,
    @Query() partnerId?: Uuid,
    @Header('If-Match') _version?: EntityTag,
  ): Promise<DigestSettings> {
    const requireVersion = (version: number) => requireIfMatch(request, version);
    return withEtag(request, await putDigestSettings(this.deps, contextOf(request), partnerId, body, requireVersion));
  }
}
