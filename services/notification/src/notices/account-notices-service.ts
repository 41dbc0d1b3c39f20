import type { Clock, Database, Ids } from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';
import { queueWebhooks } from '../webhooks/fan-out-service.ts';
import type { NewWebhook } from '../webhooks/webhook.ts';
import { readAccounts, type TellingAccount } from './account-reader.ts';
import { addDays, type Day } from './day.ts';
import { dueThreshold, endingDevices, hasJustExpired, nextNoticeDay, type Window } from './notice.ts';
import { insertNotices, type NewNotice } from './notice-store.ts';
import { savePlans } from './plan-service.ts';
import { accountRecipients } from './recipients.ts';
import { type AccountTerm, type KnownTerm, renewalsOf, takeDueTerms } from './term-reader.ts';
import { endWebhook } from './webhooks.ts';

export type NoticeDeps = { database: Database<Tables>; clock: Clock; ids: Ids };

/** Licenses of one transaction: bounds its length, and what is held in memory. */
const BATCH = 500;

/**
 * Makes what accounts are to be told up to today, a batch of licenses in one transaction: the notices, the webhooks, and the day on
 * which there is something to tell next.
 * @returns whether there may be more
 */
export const makeAccountNotices = async ({ database, ...deps }: NoticeDeps, today: Day): Promise<boolean> =>
  database.kysely.transaction().execute(async (trx) => {
    const terms = await takeDueTerms(trx, today, BATCH);
    if (terms.length === 0) return false;
    const renewals = await renewalsOf(
      trx,
      terms.map(({ licenseId }) => licenseId),
    );
    const accounts = await readAccounts(
      trx,
      terms.map(({ customerId }) => customerId),
    );
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

type Decision = {
  notices: NewNotice[];
  webhooks: NewWebhook[];
  plan: Pick<KnownTerm, 'licenseId' | 'nextNoticeOn' | 'renewal'>;
};

/** What is to be told of one license, to whom, and when to look at it again. Pure. */
const decide = (term: AccountTerm, renewals: KnownTerm[], account: TellingAccount, today: Day): Decision => {
  const { licenseId, expiresAt, renewal } = term;
  const { settings, contacts, silenced } = account;
  const nextNoticeOn = nextNoticeDay(term, renewals, settings.thresholds, addDays(today, 1));
  const decision: Decision = { notices: [], webhooks: [], plan: { licenseId, nextNoticeOn, renewal } };
  const deviceCount = endingDevices(term, renewals);
  if (deviceCount === 0 || expiresAt === null) return decision;

  const window: Window = { from: term.nextNoticeOn ?? today, to: today };
  const threshold = dueThreshold(expiresAt, settings.thresholds, window);
  if (hasJustExpired(expiresAt, window)) {
    decision.webhooks.push(endWebhook('maintenance.expired', { ...term, deviceCount }, 'expired'));
  } else if (threshold !== null) {
    decision.webhooks.push(endWebhook('maintenance.expiring', { ...term, deviceCount }, String(threshold)));
  }
  if (threshold !== null && settings.expirations) {
    decision.notices = accountRecipients(settings, contacts, silenced).map((to) => ({
      term: { ...term, expiresAt },
      threshold,
      deviceCount,
      audience: 'account',
      to,
    }));
  }
  return decision;
};
