import type { Language } from '@smartserver/contracts';
import { problem } from '@smartserver/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../deps.ts';
import { UNSUBSCRIBABLE } from '../emails/emails.sql.ts';
import type { Tables } from '../model/tables.ts';
import { silence } from './silence.ts';

/** Who gets e-mails about maintenance from whom; without a partner: from Customer Success. */
type Subscription = { partnerId: string | null; recipient: string; language: Language };

type Address = Pick<Subscription, 'partnerId' | 'recipient'>;

export type SubscriptionState = Pick<Subscription, 'recipient' | 'language'> & { unsubscribed: boolean };

/** @throws not_found for a link that was not made here, or whose e-mail is no longer there */
export const getUnsubscription = async (deps: Deps, token: string): Promise<SubscriptionState> =>
  stateOf(deps, await find(deps, token));

/**
 * Ends e-mails about maintenance to one address: those of one partner, or those of Customer Success. Mail programs repeat it; it
 * changes nothing again.
 * @throws as `getUnsubscription`
 */
export const unsubscribe = async (deps: Deps, token: string): Promise<SubscriptionState> => {
  const { partnerId, recipient, language } = await find(deps, token);
  await deps.database.kysely
    .transaction()
    .execute((trx) => silence(trx, { partnerId, recipient, reason: 'unsubscribed', since: deps.clock.now() }));
  return { recipient, language, unsubscribed: true };
};

/** @throws as `getUnsubscription` */
export const subscribeAgain = async (deps: Deps, token: string): Promise<SubscriptionState> => {
  const subscription = await find(deps, token);
  await removeUnsubscription(deps.database.kysely, subscription);
  return stateOf(deps, subscription);
};

export const removeUnsubscription = async (db: Kysely<Tables>, of: Address): Promise<void> => {
  await db.deleteFrom('silences').where(isUnsubscribed(of)).execute();
};

const isUnsubscribed = ({ partnerId, recipient }: Address) => sql<boolean>`
  partner_id is not distinct from ${partnerId}::uuid and customer_id is null and email = ${recipient.toLowerCase()}
    and reason = 'unsubscribed'`;

const find = async ({ database, links }: Deps, token: string): Promise<Subscription> => {
  const found = await database.kysely
    .selectFrom('emails')
    .select(['partner_id as partnerId', 'recipient', 'language'])
    .where('email_id', '=', links.emailIdOf(token))
    .where('subject', 'in', UNSUBSCRIBABLE)
    .executeTakeFirst();
  if (found === undefined) throw problem('not_found');
  return found;
};

const stateOf = async ({ database }: Deps, subscription: Subscription): Promise<SubscriptionState> => {
  const { recipient, language } = subscription;
  const silences = database.kysely.selectFrom('silences').select('email').where(isUnsubscribed(subscription));
  return { recipient, language, unsubscribed: (await silences.executeTakeFirst()) !== undefined };
};
