import type { Language } from '@smartserver/contracts';
import { type Clock, type Database, problem } from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';
import type { UnsubscribeLinks } from './unsubscribe-link.ts';
import { findSubscription, isSilenced, type Subscription, silence, unsilence } from './unsubscribe-store.ts';

export type SubscriptionState = { recipient: string; language: Language; unsubscribed: boolean };

/** Ends, and begins again, e-mails about maintenance to one address: those of one partner, or those of Customer Success. */
export class UnsubscribeService {
  private readonly deps: { database: Database<Tables>; links: UnsubscribeLinks; clock: Clock };

  constructor(deps: UnsubscribeService['deps']) {
    this.deps = deps;
  }

  /** @throws ProblemError not_found for a link that was not made here, or whose e-mail is no longer kept */
  async state(token: string): Promise<SubscriptionState> {
    const subscription = await this.find(token);
    return stateOf(subscription, await isSilenced(this.deps.database.kysely, subscription));
  }

  /** Again and again the same: mail programs repeat it. E-mails that wait to be sent are cancelled. @throws as `state` */
  async unsubscribe(token: string): Promise<SubscriptionState> {
    const subscription = await this.find(token);
    const since = this.deps.clock.now();
    await this.deps.database.kysely.transaction().execute((trx) => silence(trx, subscription, 'unsubscribed', since));
    return stateOf(subscription, true);
  }

  /** @throws as `state` */
  async undo(token: string): Promise<SubscriptionState> {
    const subscription = await this.find(token);
    await unsilence(this.deps.database.kysely, subscription);
    return stateOf(subscription, await isSilenced(this.deps.database.kysely, subscription));
  }

  private async find(token: string): Promise<Subscription> {
    const emailId = this.deps.links.emailIdOf(token);
    const found = emailId === null ? undefined : await findSubscription(this.deps.database.kysely, emailId);
    if (found === undefined) throw problem('not_found');
    return found;
  }
}

const stateOf = ({ recipient, language }: Subscription, unsubscribed: boolean): SubscriptionState => ({
  recipient,
  language,
  unsubscribed,
});
