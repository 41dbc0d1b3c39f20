import type {
  EntityTag,
  NotificationSettings,
  NotificationTest,
  Problem,
  PutNotificationSettingsRequest,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, requireIfMatch, withEtag } from '@smartserver/service-kit';
import {
  Body,
  Example,
  Get,
  Header,
  Path,
  Post,
  Put,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { sendTest } from './send-test.ts';
import { getSettings, putSettings } from './settings.ts';

const example: NotificationSettings = {
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  contacts: true,
  recipients: ['facility@example.com'],
  thresholds: [90, 60, 30, 7, 1, 0],
  expirations: true,
  renewals: true,
  language: 'en',
  silenced: [],
  version: 1,
};

@Route('v1/customers/{customerId}/notification-settings')
@Tags('Notifications')
export class NotificationSettingsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Who is told of the maintenance of a customer/project, when and in which language. Nobody has to set anything: then its contacts
   * are told 90, 60, 30, 7 and 1 days before it expires, on the day, and when it is renewed.
   * @summary Get notification settings
   */
  @Get()
  @Security('oauth2', ['notifications:read'])
  @Example<NotificationSettings>(example)
  @Response<Problem>(404, 'customer_not_found')
  async getNotificationSettings(
    @Request() request: FastifyRequest,
    @Path() customerId: Uuid,
  ): Promise<NotificationSettings> {
    return withEtag(request, await getSettings(this.deps, contextOf(request), customerId));
  }

  /**
   * Replace the notification settings. They count from now on, also for what is about to be sent.
   * @summary Edit notification settings
   */
  @Put()
  @Security('oauth2', ['notifications:write'])
  @Example<NotificationSettings>(example)
  @Response<Problem>(404, 'customer_not_found')
  async putNotificationSettings(
    @Request() request: FastifyRequest,
    @Path() customerId: Uuid,
    @Body() body: PutNotificationSettingsRequest,
    @Header('If-Match') _version?: EntityTag,
  ): Promise<NotificationSettings> {
    const requireVersion = (version: number) => requireIfMatch(request, version);
    return withEtag(request, await putSettings(this.deps, contextOf(request), customerId, body, requireVersion));
  }

  /**
   * Send a test e-mail now to everybody who would be told: at most five times an hour.
   * @summary Send a test e-mail
   */
  @Post('test')
  @SuccessResponse(202, 'Accepted')
  @Security('oauth2', ['notifications:write'])
  @Example<NotificationTest>({ recipients: ['facility@example.com'] })
  @Response<Problem>(404, 'customer_not_found')
  testNotificationSettings(@Request() request: FastifyRequest, @Path() customerId: Uuid): Promise<NotificationTest> {
    return sendTest(this.deps, contextOf(request), customerId);
  }
}
