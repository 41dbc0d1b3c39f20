import { createTransport } from 'nodemailer';
import type { LeasedEmail } from '../emails/email.ts';
import { oneLine } from '../emails/letter.ts';

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
  connections: number;
  /** The longest that one attempt may take: then its connection is cut. */
  timeoutMs: number;
};

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** SMTP through a pool of connections that are kept open. */
export function smtpTransport(options: TransportOptions): MailTransport {
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
    // Trying again is the sender's, which records it.
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
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': email.language },
        signal: AbortSignal.timeout(options.timeoutMs),
      });
    },
    close() {
      mailer.close({ force: true });
    },
  };
}
