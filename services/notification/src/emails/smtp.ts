import type { Language } from '@smartserver/contracts';
import { createTransport } from 'nodemailer';
import type { Leased } from '../delivery/sender.ts';
import { oneLine } from './content.ts';

/** An e-mail taken for sending. */
export type LeasedEmail = Leased & {
  emailId: string;
  recipient: string;
  recipientName: string;
  language: Language;
  messageId: string;
  headline: string;
  text: string;
  html: string;
  /** Of e-mails that one may do without. */
  unsubscribeUrl: string | null;
};

/** Hands an e-mail to the mail server. Resolves after the server's 250; rejects with nodemailer's error. */
export type MailTransport = {
  send(email: LeasedEmail): Promise<void>;
  /** Cuts every connection; what is being sent rejects. */
  close(): void;
};

export type TransportOptions = {
  /** smtp:// or smtps://, with user and password where the server wants them. */
  url: string;
  from: string;
  /** Where reports of e-mails go that cannot be delivered; the sender's address if empty. */
  returnPath: string;
  connections: number;
  /** The longest that one attempt may take: then its connection is cut. */
  timeoutMs: number;
};

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** RFC 8058. Mail servers show it only of e-mails whose DKIM signature covers these headers: the server that signs sees to it. */
const oneClick = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/** SMTP through a pool of connections that are kept open. */
export const smtpTransport = (options: TransportOptions): MailTransport => {
  const url = new URL(options.url);
  const secure = url.protocol === 'smtps:';
  const auth =
    url.username === ''
      ? undefined
      : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  const mailer = createTransport({
    pool: true,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    auth,
    // A password never travels in the clear, except inside this machine.
    requireTLS: !secure && auth !== undefined && !loopback.has(url.hostname),
    maxConnections: options.connections,
    maxMessages: 100,
    // The sender retries, and records it.
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    dnsTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async send(email) {
      await mailer.sendMail({
        from: options.from,
        to: { name: oneLine(email.recipientName), address: email.recipient },
        subject: email.headline,
        text: email.text,
        html: email.html,
        messageId: email.messageId,
        ...(options.returnPath === '' ? {} : { envelope: { from: options.returnPath, to: email.recipient } }),
        headers: {
          'Auto-Submitted': 'auto-generated',
          'Content-Language': email.language,
          ...(email.unsubscribeUrl === null ? {} : oneClick(email.unsubscribeUrl)),
        },
        signal: AbortSignal.timeout(options.timeoutMs),
      });
    },
    close() {
      mailer.close({ force: true });
    },
  };
};
