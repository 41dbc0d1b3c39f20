import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export type SunkMail = { from: string; to: string[]; subject: string; text: string; messageId: string };

export type MailSink = {
  port: number;
  /** In the order in which they were taken. */
  messages: SunkMail[];
  /** Answers each message with this SMTP code from now on, as 451 or 550; null takes them again. */
  refuseWith(code: number | null): void;
  stop(): Promise<void>;
};

/** A mail server on a loopback port that keeps what it is given. */
export const startMailSink = async (): Promise<MailSink> => {
  const messages: SunkMail[] = [];
  let refusal: number | null = null;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      simpleParser(stream).then(
        (mail) => {
          if (refusal !== null) {
            done(Object.assign(new Error('refused by the test'), { responseCode: refusal }));
            return;
          }
          const { mailFrom, rcptTo } = session.envelope;
          messages.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            messageId: mail.messageId ?? '',
          });
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  // A client that breaks off is a test's business, not the sink's.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    messages,
    refuseWith: (code) => {
      refusal = code;
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
};
