import type { Notification, NotificationPage } from '@smartserver/contracts';
import { decodeCursor, type PageRequest, type RequestContext, tenantOf, toPage } from '@smartserver/service-kit';
import { sql } from 'kysely';
import type { Deps } from '../deps.ts';
import { renewalsOf } from '../model/maintenance-term.sql.ts';
import { readAccounts } from '../notices/accounts.sql.ts';
import { noticeDay } from '../notices/day.ts';
import { readDigests } from '../notices/digests.sql.ts';
import { visibleDigests } from '../tenancy.ts';
import { findPlanned, noticesMadeOf } from './scheduled.sql.ts';
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

/** Licenses of one round: bounds what is held in memory. More than there are audiences, so that each round gets on. */
const ROUND = 200;

/**
 * The notices to be sent before maintenance expires, computed from what is known now as the run of their day will: the next one of
 * each license and recipient, the soonest first. Of an account that is foreign or unknown there is none.
 * @throws validation_failed for a bad cursor
 */
export const listScheduled = async (
  deps: Deps,
  context: RequestContext,
  customerId: string | undefined,
  { limit, cursor }: PageRequest,
): Promise<NotificationPage> => {
  const { kysely } = deps.database;
  const after = decodeCursor(cursor, (key) => placeOfKey(key) !== null) ?? '';
  const tenant = tenantOf(context.actor);
  const visible = await readDigests(kysely, sql`where recipients <> '{}' and ${visibleDigests(tenant)}`);
  const digests = new Map(visible.map((digest) => [digest.partnerId, digest]));

  const found: PlannedNotice[] = [];
  let from: Place | null = placeOfKey(after) ?? FIRST_PLACE;
  while (from !== null && found.length <= limit) {
    const round = wholePlaces(await findPlanned(kysely, { tenant, customerId: customerId ?? null }, from, ROUND));
    const notices = await noticesOf(deps, round.planned, digests);
    found.push(...notices.filter((notice) => keyOf(notice) > after));
    from = round.next;
  }
  const { rows, nextCursor } = toPage(found, limit, keyOf);
  return { items: rows.map((notice) => toNotification(notice, deps.noticeHour)), nextCursor };
};

/** The licenses of one place are listed together: of the last place there may be more that were not read, so the next round reads it. */
const wholePlaces = (read: readonly Planned[]): { planned: Planned[]; next: Place | null } => {
  const planned = read.toSorted((a, b) => (isBefore(placeOf(a), placeOf(b)) ? -1 : 1));
  const last = planned[ROUND - 1];
  if (last === undefined) return { planned, next: null };
  const next = placeOf(last);
  return { planned: planned.filter((plan) => isBefore(placeOf(plan), next)), next };
};

const noticesOf = async (
  { database: { kysely }, clock, noticeHour }: Deps,
  planned: readonly Planned[],
  digests: PlanFacts['digests'],
): Promise<PlannedNotice[]> => {
  const terms = planned.map(({ term }) => term);
  return plannedNotices(planned, {
    today: noticeDay(clock.now(), noticeHour),
    accounts: await readAccounts(kysely, terms),
    digests,
    renewals: await renewalsOf(kysely, terms),
    made: await noticesMadeOf(kysely, terms),
  });
};

const toNotification = ({ term, audience, dueOn, to }: PlannedNotice, noticeHour: number): Notification => ({
  notificationId: null,
  subject: 'maintenance_expiring',
  partnerId: audience === 'staff' ? null : term.partnerId,
  customerId: term.customerId,
  licenseId: term.licenseId,
  dueAt: `${dueOn}T${String(noticeHour).padStart(2, '0')}:00:00.000Z`,
  recipient: to.email,
  outcome: 'scheduled',
  failure: null,
  createdAt: null,
  sentAt: null,
});
