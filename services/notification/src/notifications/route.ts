import type { NotificationOutcome, NotificationPage, PageCursor, PageLimit, Uuid } from '@smartserver/contracts';
import { contextOf, pageRequest } from '@smartserver/service-kit';
import { Example, Get, Query, Request, Route, Security, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { listNotifications } from './list.ts';
import { listScheduled } from './list-scheduled.ts';

@Route('v1/notifications')
@Tags('Notifications')
export class NotificationsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * E-mails: what was sent, to whom, with which outcome; newest first. With `outcome=scheduled` instead what is to be sent before
   * maintenance expires, if nothing changes: the next one of each license and recipient, the soonest first.
   * @summary List notifications
   * @param customerId Only those about this customer/project.
   * @param outcome Only those with this outcome.
   */
  @Get()
  @Security('oauth2', ['notifications:read'])
  @Example<NotificationPage>({
    items: [
      {
        notificationId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
        subject: 'licenses_transferred',
        partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
        customerId: '2133c667-af41-4518-94df-a2bb3b775330',
        licenseId: null,
        dueAt: '2026-03-01T12:00:01.000Z',
        recipient: 'facility@example.com',
        outcome: 'sent',
        failure: null,
        createdAt: '2026-03-01T12:00:01.000Z',
        sentAt: '2026-03-01T12:00:02.000Z',
      },
    ],
    nextCursor: null,
  })
  listNotifications(
    @Request() request: FastifyRequest,
    @Query() customerId?: Uuid,
    @Query() outcome?: NotificationOutcome,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<NotificationPage> {
    const page = pageRequest(limit, cursor);
    return outcome === 'scheduled'
      ? listScheduled(this.deps, contextOf(request), customerId, page)
      : listNotifications(this.deps, contextOf(request), { customerId, outcome }, page);
  }
}
