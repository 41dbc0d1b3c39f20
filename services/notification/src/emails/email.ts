import type { Language, NotificationSubject } from '@smartserver/contracts';
import { v5 } from 'uuid';
import type { RenderedEmail } from './content.ts';

/** E-mails that come by themselves, and that one may do without. */
export const UNSUBSCRIBABLE: readonly NotificationSubject[] = ['maintenance_expiring', 'maintenance_renewed'];

export type NewEmail = {
  emailId: string;
  /** Null: it is about several. */
  customerId: string | null;
  partnerId: string | null;
  eventId: string;
  subject: NotificationSubject;
  recipient: string;
  recipientName: string;
  language: Language;
  messageId: string;
  rendered: RenderedEmail;
  createdAt: Date;
};

/** An e-mail taken for sending. `attempts` tells this lease from every other one of the same e-mail. */
export type LeasedEmail = {
  /** Which queue it was taken from. */
  kind: 'letter' | 'sign_in';
  emailId: string;
  recipient: string;
  recipientName: string;
  language: Language;
  messageId: string;
  headline: string;
  text: string;
  html: string;
  /** The way out, of e-mails that come by themselves. */
  unsubscribeUrl: string | null;
  attempts: number;
  deferrals: number;
};

/** One sending of an e-mail. */
export type Lease = Pick<LeasedEmail, 'kind' | 'emailId' | 'attempts'>;

/** What the sender does with the table. Every call is one statement: no transaction is open while it talks to the mail server. */
export type EmailQueue = {
  /**
   * Takes up to `limit` due e-mails until `leaseEnd`; another sender, in another process, takes others.
   * @param options.letters how many of them may be others than sign-in codes; all of them unless told otherwise
   */
  lease(options: { limit: number; letters?: number; now: Date; leaseEnd: Date }): Promise<LeasedEmail[]>;
  /** The server took it. Recorded even if the lease was lost meanwhile: it is the truth. */
  recordSent(lease: Lease, at: Date): Promise<void>;
  /** To be tried again. Does nothing when the lease was lost. @param deferred the server refused this e-mail for now */
  recordRetry(lease: Lease, options: { at: Date; failure: string; deferred: boolean }): Promise<void>;
  /** Will never be sent. Does nothing when the lease was lost. */
  recordFailed(lease: Lease, failure: string): Promise<void>;
};

/**
 * Message-ID of an e-mail: the same for the same event, account and address, whatever happened in between, so that a mail
 * server or program can drop a repeated one. The event's id is the name space.
 */
export const messageIdFor = (eventId: string, customerId: string, recipient: string, domain: string): string =>
  `<${v5(`${customerId} ${recipient.toLowerCase()}`, eventId)}@${domain}>`;
