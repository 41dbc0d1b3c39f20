import { type MailSink, type MailSinkOptions, startMailSink as start } from '@smartserver/mail-sink';
import { randomOf, runSeed } from './random.ts';

export type { MailSink, SunkMail } from '@smartserver/mail-sink';

/** A mail server that keeps what it receives; what it refuses at random is repeated by the run's seed. */
export const startMailSink = (options: MailSinkOptions = {}): Promise<MailSink> => {
  const random = randomOf(runSeed());
  return start({ oneOf: (count) => random.oneOf(count), ...options });
};
