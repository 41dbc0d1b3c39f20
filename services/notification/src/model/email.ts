import type { Language, NotificationOutcome, NotificationSubject } from '@smartserver/contracts';
import type { Generated } from 'kysely';

export interface EmailsTable {
  /** Null: about several accounts. */
  customer_id: string | null;
  /** UUIDv7: the order of lists. */
  email_id: string;
  /** Null: about several partners. */
  partner_id: string | null;
  /** Of a notice: the e-mail's own id. */
  event_id: string;
  subject: NotificationSubject;
  recipient: string;
  recipient_name: string;
  language: Language;
  /** With its angle brackets, as it goes into the header. */
  message_id: string;
  headline: string;
  body_text: string;
  body_html: string;
  outcome: Generated<NotificationOutcome>;
  /** How often it was taken for sending: also distinguishes one lease from the next. */
  attempts: Generated<number>;
  /** How often the mail server said "not now" to this very e-mail (4xx). */
  deferrals: Generated<number>;
  /** While it is being sent: when the lease ends. */
  next_attempt_at: Date;
  failure: string | null;
  created_at: Date;
  sent_at: Date | null;
}

export type Recipient = { email: string; name: string; language: Language };

/** Each address once, whatever the case: the first one gives name and language. @param except addresses in lower case */
export const eachOnce = (recipients: readonly Recipient[], except: Iterable<string> = []): Recipient[] => {
  const known = new Set(except);
  return recipients.filter(({ email }) => {
    const address = email.toLowerCase();
    if (known.has(address)) return false;
    known.add(address);
    return true;
  });
};
