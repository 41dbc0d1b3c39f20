import type { EventEnvelope, PortalCodeMessage } from '@smartserver/contracts';
import type { Clock, Logger, Seal } from '@smartserver/service-kit';
import { type Kysely, sql, type Transaction } from 'kysely';
import { type DeliveryTable, type Pace, recordVerdict, returnTokens, takeDue } from '../delivery/deliveries.sql.ts';
import type { Lane, Leased } from '../delivery/sender.ts';
import { sendEmail } from '../emails/email-lane.ts';
import { messageIdFor } from '../emails/emails.sql.ts';
import type { LeasedEmail, MailTransport } from '../emails/smtp.ts';
import { renderEmail } from '../emails/template.tsx';
import type { Tables } from '../model/tables.ts';
import { signInEmail } from './sign-in-email.ts';

/** Keeps a code that is to be sent, as it came: sealed. One that has expired on its way is not kept. */
export const keepSignInCode = async (
  trx: Transaction<Tables>,
  { clock }: { clock: Clock },
  { id, data }: EventEnvelope<'portal-code.requested.1'>,
): Promise<void> => {
  const now = clock.now();
  const expiresAt = new Date(data.expiresAt);
  if (expiresAt <= now) return;
  const { challengeId, sealed } = data;
  await trx
    .insertInto('sign_in_emails')
    .values({ email_id: id, challenge_id: challengeId, sealed, expires_at: expiresAt, next_attempt_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

const SIGN_IN_CODES: DeliveryTable = { name: 'sign_in_emails', key: ['email_id'], failures: 'deferrals', status: null };

type LeasedCode = Leased & { emailId: string; challengeId: string; sealed: string; expiresAt: Date };

export type SignInLaneDeps = {
  db: Kysely<Tables>;
  transport: MailTransport;
  /** Shared with account. */
  seal: Seal;
  mailDomain: string;
  pace: Pace;
  logger: Logger;
};

/**
 * Sign-in codes. What is leased is opened and rendered in memory, and nowhere else. Nothing is left of a code that was sent, refused for
 * good or has expired; an expired one is not sent.
 */
export const signInLane = (deps: SignInLaneDeps): Lane<LeasedEmail> => {
  const { db, transport, pace } = deps;
  return {
    name: 'sign-in-codes',
    async lease(quota) {
      await deleteExpired(db, quota.now);
      for (;;) {
        const { items, waitMs } = await takeDue<LeasedCode>(
          db,
          SIGN_IN_CODES,
          {
            due: (limit) => sql`
              select email_id from sign_in_emails where next_attempt_at <= ${quota.now} and expires_at > ${quota.now}
              order by next_attempt_at limit ${limit} for update skip locked`,
            columns: sql`email_id as "emailId", challenge_id as "challengeId", sealed, expires_at as "expiresAt"`,
            pace,
          },
          quota,
        );
        const opened = items.map((code) => ({ code, message: open(deps, code) }));
        // Codes for unknown addresses come as well, so that their requests look the same; they end here.
        const decoys = opened.filter(({ message }) => message?.recipient === null).map(({ code }) => code.emailId);
        if (decoys.length > 0) await db.deleteFrom('sign_in_emails').where('email_id', 'in', decoys).execute();
        const emails = opened.flatMap(({ code, message }) => toEmail(deps, code, message));
        await returnTokens(db, pace, items.length - emails.length);
        if (emails.length > 0 || items.length < quota.limit) return { items: emails, waitMs };
      }
    },
    send: (email) => sendEmail(transport, email),
    record: (email, verdict, at) => recordVerdict(db, SIGN_IN_CODES, email, verdict, at),
  };
};

const deleteExpired = async (db: Kysely<Tables>, now: Date): Promise<void> => {
  await sql`
    delete from sign_in_emails where email_id = any(array(
      select email_id from sign_in_emails where expires_at <= ${now} for update skip locked
    ))`.execute(db);
};

const open = (
  { seal, logger }: SignInLaneDeps,
  { sealed, challengeId, emailId }: LeasedCode,
): PortalCodeMessage | null => {
  try {
    const message = asPortalCodeMessage(seal.open(sealed, challengeId));
    if (message !== null) return message;
  } catch {
    // Logged below: what was thrown knows no more.
  }
  logger.error({ emailId }, 'sign-in code cannot be opened: MAIL_SEAL_KEY differs from that of account');
  return null;
};

/** What account sealed. @returns null when it is something else */
const asPortalCodeMessage = (value: unknown): PortalCodeMessage | null => {
  const { recipient, language, code } = (value ?? {}) as Partial<PortalCodeMessage>;
  const isSound =
    (recipient === null || typeof recipient === 'string') &&
    (language === 'en' || language === 'de') &&
    typeof code === 'string' &&
    /^[0-9]{6}$/.test(code);
  return isSound ? { recipient, language, code } : null;
};

const toEmail = (
  { mailDomain }: SignInLaneDeps,
  { emailId, challengeId, expiresAt, key, attempts, failures }: LeasedCode,
  message: PortalCodeMessage | null,
): LeasedEmail[] => {
  if (message === null || message.recipient === null) return [];
  const { recipient, language } = message;
  const messageId = messageIdFor(emailId, challengeId, recipient, mailDomain);
  const rendered = renderEmail(signInEmail(message, expiresAt));
  const lease = { key, attempts, failures };
  return [{ ...lease, emailId, recipient, recipientName: '', language, messageId, ...rendered, unsubscribeUrl: null }];
};
