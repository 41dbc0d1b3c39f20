import type { Clock, Database } from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';
import { silence } from '../unsubscribe/silence.ts';
import { readDeliveryReport } from './delivery-report.ts';

export type BounceDeps = { database: Pick<Database<Tables>, 'kysely'>; clock: Clock };

/** What became of a report. `unknown`: not about an e-mail of ours, or about one that was never sent. */
export type BounceResult = 'no_report' | 'unknown' | 'recorded';

/**
 * Takes in a report of a mail server that an e-mail, which it or another one had taken, cannot be delivered:
 * lists of notifications show it. An address that does not exist gets no more e-mails about maintenance until the settings are saved again.
 * @param source the report, a whole e-mail
 */
export const recordBounce = async ({ database, clock }: BounceDeps, source: Buffer): Promise<BounceResult> => {
  const failure = await readDeliveryReport(source);
  if (failure === null) return 'no_report';
  return database.kysely.transaction().execute(async (trx) => {
    const email = await trx
      .updateTable('emails')
      .set({ outcome: 'bounced', failure: failure.reason })
      .where('message_id', '=', failure.messageId)
      .where('outcome', 'in', ['sent', 'bounced'])
      .returning(['partner_id as partnerId', 'recipient'])
      .executeTakeFirst();
    if (email === undefined) return 'unknown';
    if (failure.addressIsDead) await silence(trx, { ...email, reason: 'bounced', since: clock.now() });
    return 'recorded';
  });
};
