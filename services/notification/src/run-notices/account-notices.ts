import { sql, type Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import { type AccountTerm, type MaintenanceTerm, renewalsOf, selectTerms } from '../model/maintenance-term.sql.ts';
import type { Tables } from '../model/tables.ts';
import { type NoticeAccount, readAccounts } from '../notices/accounts.sql.ts';
import { addDays, type Day } from '../notices/day.ts';
import { savePlans } from '../notices/plan.ts';
import { dueThreshold, endingDevices, hasJustExpired, isRunning, nextNoticeDay, type Window } from '../notices/rule.ts';
import { queueWebhooks } from '../webhook-messages/queue.ts';
import type { NewWebhook } from '../webhook-messages/webhook.ts';
import { insertNotices, type NewNotice } from './insert.sql.ts';
import { endWebhook } from './webhooks.ts';

/** Licenses of one transaction: bounds its length, and what is held in memory. */
const BATCH = 500;

/**
 * Makes the notices of accounts that are due up to today, for a batch of licenses in one transaction, with the webhooks, and plans
 * the day of the next ones.
 * @returns whether there may be more
 */
export const makeAccountNotices = (
  { database, ...deps }: Pick<Deps, 'database' | 'clock' | 'ids'>,
  today: Day,
): Promise<boolean> =>
  database.kysely.transaction().execute(async (trx) => {
    const terms = await lockDueTerms(trx, today);
    if (terms.length === 0) return false;
    const renewals = await renewalsOf(trx, terms);
    const accounts = await readAccounts(trx, terms);
    const decided = terms.flatMap((term) => {
      const account = accounts.get(term.customerId);
      return account === undefined ? [] : [decide(term, renewals(term.licenseId), account, today)];
    });
    await insertNotices(
      trx,
      decided.flatMap(({ notices }) => notices),
    );
    await queueWebhooks(
      trx,
      deps,
      decided.flatMap(({ webhooks }) => webhooks),
    );
    await savePlans(
      trx,
      decided.map(({ plan }) => plan),
    );
    return terms.length === BATCH;
  });

/** Those that may need a notice; another process, at the same time, takes others. */
const lockDueTerms = (trx: Transaction<Tables>, today: Day): Promise<AccountTerm[]> =>
  selectTerms(trx)
    .where(sql<boolean>`next_notice_on <= ${today}::date`)
    .where(inKnownAccount)
    .orderBy('next_notice_on')
    .limit(BATCH)
    .forNoKeyUpdate()
    .skipLocked()
    .execute() as Promise<AccountTerm[]>;

/** A license of an account that is not known here yet waits: nobody is known who could be notified. */
export const inKnownAccount = sql<boolean>`exists (
  select from customers where customers.customer_id = maintenance_terms.customer_id)`;

type Decision = {
  notices: NewNotice[];
  webhooks: NewWebhook[];
  plan: Pick<MaintenanceTerm, 'licenseId' | 'nextNoticeOn' | 'renewal'>;
};

/** The notices of one license, and when to look at it again. Pure. */
const decide = (term: AccountTerm, renewals: MaintenanceTerm[], account: NoticeAccount, today: Day): Decision => {
  const { licenseId, renewal } = term;
  const { settings, recipients } = account;
  const nextNoticeOn = nextNoticeDay(term, renewals, settings.thresholds, addDays(today, 1));
  const decision: Decision = { notices: [], webhooks: [], plan: { licenseId, nextNoticeOn, renewal } };
  const ending = { ...term, deviceCount: endingDevices(term, renewals) };
  if (ending.deviceCount === 0 || !isRunning(ending)) return decision;

  const window: Window = { from: term.nextNoticeOn ?? today, to: today };
  const threshold = dueThreshold(ending.expiresAt, settings.thresholds, window);
  if (hasJustExpired(ending.expiresAt, window)) {
    decision.webhooks.push(endWebhook('maintenance.expired', ending, 'expired'));
  } else if (threshold !== null) {
    decision.webhooks.push(endWebhook('maintenance.expiring', ending, String(threshold)));
  }
  if (threshold !== null && settings.expirations) {
    decision.notices = recipients.map((to) => ({ term: ending, threshold, audience: 'account', to }));
  }
  return decision;
};
