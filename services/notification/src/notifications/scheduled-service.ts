import type { Notification, NotificationPage } from '@smartserver/contracts';
import {
  type Clock,
  type Database,
  decodeCursor,
  type RequestContext,
  tenantOf,
  toPage,
} from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';
import { readAccounts } from '../notices/account-reader.ts';
import { noticeDay } from '../notices/day.ts';
import { visibleDigests } from '../notices/digest-store.ts';
import { renewalsOf } from '../notices/term-reader.ts';
import { defaultLimit } from './notification-service.ts';
import {
  FIRST_PLACE,
  isBefore,
  keyOf,
  type Place,
  type PlanFacts,
  type Planned,
  type PlannedNotice,
  placeOf,
  placeOfKey,
  plannedNotices,
} from './scheduled.ts';
import { findPlanned, noticesMadeOf } from './scheduled-store.ts';

/** Licenses of one round: bounds what is held in memory. More than there are kinds of readers, so that each round gets on. */
const ROUND = 200;

/** What is to be told before maintenance expires: computed from what is known now, as the run of its day will. */
export class ScheduledService {
  constructor(
    private readonly database: Database<Tables>,
    private readonly clock: Clock,
    private readonly noticeHour: number,
  ) {}

  /**
   * The next notice of each license and recipient, the soonest first. Of an account that is foreign or unknown there is none.
   * @throws ProblemError validation_failed for a bad cursor
   */
  async list(
    context: RequestContext,
    query: { customerId?: string; limit?: number; cursor?: string },
  ): Promise<NotificationPage> {
    const { kysely } = this.database;
    const limit = query.limit ?? defaultLimit;
    const after = decodeCursor(query.cursor, (key) => placeOfKey(key) !== null) ?? '';
    const tenant = tenantOf(context.actor);
    const filter = { tenant, customerId: query.customerId ?? null };
    const digests = await visibleDigests(kysely, tenant);

    const found: PlannedNotice[] = [];
    let from: Place | null = placeOfKey(after) ?? FIRST_PLACE;
    while (from !== null && found.length <= limit) {
      const round = wholePlaces(await findPlanned(kysely, filter, from, ROUND));
      const notices = await this.#noticesOf(round.planned, digests);
      found.push(...notices.filter((notice) => keyOf(notice) > after));
      from = round.next;
    }
    const { rows, nextCursor } = toPage(found, limit, keyOf);
    return { items: rows.map((notice) => this.#toNotification(notice)), nextCursor };
  }

  async #noticesOf(planned: readonly Planned[], digests: PlanFacts['digests']): Promise<PlannedNotice[]> {
    const { kysely } = this.database;
    const licenseIds = planned.map(({ term }) => term.licenseId);
    const customerIds = planned.map(({ term }) => term.customerId);
    return plannedNotices(planned, {
      today: noticeDay(this.clock.now(), this.noticeHour),
      accounts: await readAccounts(kysely, customerIds),
      digests,
      renewals: await renewalsOf(kysely, licenseIds),
      made: await noticesMadeOf(kysely, licenseIds),
    });
  }

  #toNotification({ term, audience, dueOn, to }: PlannedNotice): Notification {
    return {
      notificationId: null,
      subject: 'maintenance_expiring',
      partnerId: audience === 'staff' ? null : term.partnerId,
      customerId: term.customerId,
      licenseId: term.licenseId,
      dueAt: `${dueOn}T${String(this.noticeHour).padStart(2, '0')}:00:00.000Z`,
      recipient: to.email,
      outcome: 'scheduled',
      failure: null,
      createdAt: null,
      sentAt: null,
    };
  }
}

/** What is at one place stays together: of the last one there may be more that was not read, so it is left to the next round. */
const wholePlaces = (read: readonly Planned[]): { planned: Planned[]; next: Place | null } => {
  const planned = read.toSorted((a, b) => (isBefore(placeOf(a), placeOf(b)) ? -1 : 1));
  const last = planned[ROUND - 1];
  if (last === undefined) return { planned, next: null };
  const next = placeOf(last);
  return { planned: planned.filter((plan) => isBefore(placeOf(plan), next)), next };
};
