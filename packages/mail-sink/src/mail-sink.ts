import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export type SunkMail = {
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string | null;
  messageId: string;
  /** Each as it came, with its name. */
  headerLines: string[];
  receivedAt: Date;
};

export type MailSink = {
  port: number;
  /** In the order in which they were accepted. */
  messages: SunkMail[];
  /** Answers each message, or at random one of so many, with this SMTP code from now on, as 451 or 550; null accepts again. */
  refuseWith(code: number | null, oneOf?: number): void;
  /** Resolves right after the 250 for so many further messages. */
  accepted(count: number): Promise<void>;
  stop(): Promise<void>;
};

export type MailSinkOptions = { port?: number; host?: string; oneOf?: (count: number) => boolean };

/**
 * A mail server that keeps what it receives.
 * @param options.port to come back where it was before; any free one by default
 * @param options.host loopback by default
 * @param options.oneOf true for one of so many calls: chooses what is refused
 */
export const startMailSink = async (options: MailSinkOptions = {}): Promise<MailSink> => {
  const messages: SunkMail[] = [];
  const events = new EventEmitter();
  const { oneOf = (count: number) => Math.random() * count < 1 } = options;
  let refusal: number | null = null;
  let refusedOneOf = 1;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      simpleParser(stream).then(
        (mail) => {
          if (refusal !== null && oneOf(refusedOneOf)) {
            done(Object.assign(new Error('refused by the test'), { responseCode: refusal }));
            return;
          }
          const { mailFrom, rcptTo } = session.envelope;
          messages.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            html: mail.html || null,
            messageId: mail.messageId ?? '',
            headerLines: mail.headerLines.map(({ line }) => line),
            receivedAt: new Date(),
          });
          done();
          events.emit('accepted');
        },
        (error: Error) => done(error),
      );
    },
  });
  // A client that breaks off is a test's business, not the sink's.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    messages,
    refuseWith: (code, oneOf = 1) => {
      refusal = code;
      refusedOneOf = oneOf;
    },
    accepted: (count) =>
      new Promise((resolve) => {
        let left = count;
        const onAccepted = () => {
          left -= 1;
          if (left > 0) return;
          events.off('accepted', onAccepted);
          resolve();
        };
        events.on('accepted', onAccepted);
      }),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
};
