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
  /** In the order in which they were taken. */
  messages: SunkMail[];
  /** Answers each message, or of so many one at random, with this SMTP code from now on, as 451 or 550; null takes them again. */
  refuseWith(code: number | null, oneOf?: number): void;
  /** Resolves right after the 250 for so many further messages. */
  taken(count: number): Promise<void>;
  stop(): Promise<void>;
};

/**
 * A mail server that keeps what it is given.
 * @param options.port to come back where it was before; any free one unless told otherwise
 * @param options.host loopback unless told otherwise
 */
export const startMailSink = async (options: { port?: number; host?: string } = {}): Promise<MailSink> => {
  const messages: SunkMail[] = [];
  const news = new EventEmitter();
  let refusal: number | null = null;
  let refusedOneOf = 1;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      simpleParser(stream).then(
        (mail) => {
          if (refusal !== null && Math.random() < 1 / refusedOneOf) {
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
          news.emit('taken');
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
    taken: (count) =>
      new Promise((resolve) => {
        let left = count;
        const onTaken = () => {
          left -= 1;
          if (left > 0) return;
          news.off('taken', onTaken);
          resolve();
        };
        news.on('taken', onTaken);
      }),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
};
