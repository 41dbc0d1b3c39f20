import type { EventEnvelope, PortalCodeMessage } from '@smartserver/contracts';
import type { Logger, Seal } from '@smartserver/service-kit';
import { type Kysely, sql, type Transaction } from 'kysely';
import { type EmailQueue, type LeasedEmail, messageIdFor } from '../emails/email.ts';
import { renderEmail } from '../emails/template.tsx';
import type { Tables } from '../model/tables.ts';
import { asPortalCodeMessage, signInEmail } from './sign-in-email.ts';

/** Keeps a code that is to be sent, as it came: sealed. */
export const insertSignIn = async (
  trx: Transaction<Tables>,
  { id, data }: EventEnvelope<'portal-code.requested.1'>,
  now: Date,
): Promise<void> => {
  await trx
    .insertInto('sign_in_emails')
    .values({
      email_id: id,
      challenge_id: data.challengeId,
      sealed: data.sealed,
      expires_at: new Date(data.expiresAt),
      next_attempt_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

type SignInRow = {
  email_id: string;
  challenge_id: string;
  sealed: string;
  expires_at: Date;
  attempts: number;
  deferrals: number;
};

type SignInQueueDeps = {
  db: Kysely<Tables>;
  /** Shared with account. */
  seal: Seal;
  mailDomain: string;
  logger: Logger;
};

/**
 * The queue of sign-in codes in the database. What is leased is opened and written in memory, and nowhere else. Nothing is left of
 * a code that was sent, refused for good or has expired; an expired one is not sent.
 */
export const signInQueue = ({ db, seal, mailDomain, logger }: SignInQueueDeps): EmailQueue => {
  const take = async (limit: number, now: Date, leaseEnd: Date): Promise<SignInRow[]> => {
    // Materialized: the planner may otherwise run the locking query more than once and take more than `limit`.
    const { rows } = await sql<SignInRow>`
      with expired as (delete from sign_in_emails where expires_at <= ${now}),
      due as materialized (
        select email_id from sign_in_emails
        where next_attempt_at <= ${now} and expires_at > ${now}
        order by next_attempt_at limit ${limit} for update skip locked
      )
      update sign_in_emails as email set attempts = email.attempts + 1, next_attempt_at = ${leaseEnd}
      from due where email.email_id = due.email_id
      returning email.email_id, email.challenge_id, email.sealed, email.expires_at, email.attempts, email.deferrals
    `.execute(db);
    return rows;
  };

  const open = (row: SignInRow): PortalCodeMessage | null => {
    try {
      const message = asPortalCodeMessage(seal.open(row.sealed, row.challenge_id));
      if (message !== null) return message;
    } catch {
      // Said below: what was thrown knows no more.
    }
    const hint = 'a sign-in code cannot be opened: MAIL_SEAL_KEY must be the same as account’s';
    logger.error({ emailId: row.email_id }, hint);
    return null;
  };

  const remove = async (emailIds: readonly string[]): Promise<void> => {
    if (emailIds.length === 0) return;
    await db.deleteFrom('sign_in_emails').where('email_id', 'in', emailIds).execute();
  };

  return {
    async lease({ limit, now, leaseEnd }) {
      for (;;) {
        const rows = await take(limit, now, leaseEnd);
        const opened = rows.map((row) => ({ row, message: open(row) }));
        // Codes for addresses that nobody knows come all the same, so that nobody can tell; they end here.
        await remove(opened.flatMap(({ row, message }) => (message?.recipient === null ? [row.email_id] : [])));
        const emails = opened.flatMap(({ row, message }) => toEmail(row, message, mailDomain));
        if (emails.length > 0 || rows.length < limit) return emails;
      }
    },

    recordSent: ({ emailId }) => remove([emailId]),

    // The server's words are not kept: they may hold the address.
    async recordRetry({ emailId, attempts }, { at, deferred }) {
      await db
        .updateTable('sign_in_emails')
        .set((eb) => ({ next_attempt_at: at, deferrals: eb('deferrals', '+', deferred ? 1 : 0) }))
        .where('email_id', '=', emailId)
        .where('attempts', '=', attempts)
        .execute();
    },

    async recordFailed({ emailId, attempts }) {
      await db.deleteFrom('sign_in_emails').where('email_id', '=', emailId).where('attempts', '=', attempts).execute();
    },
  };
};

const toEmail = (row: SignInRow, message: PortalCodeMessage | null, mailDomain: string): LeasedEmail[] => {
  if (message === null || message.recipient === null) return [];
  return [
    {
      kind: 'sign_in',
      emailId: row.email_id,
      recipient: message.recipient,
      recipientName: '',
      language: message.language,
      messageId: messageIdFor(row.email_id, row.challenge_id, message.recipient, mailDomain),
      ...renderEmail(signInEmail(message, row.expires_at)),
      unsubscribeUrl: null,
      attempts: row.attempts,
      deferrals: row.deferrals,
    },
  ];
};
