import type { Clock, Logger } from '@smartserver/service-kit';
import type { EmailQueue, LeasedEmail } from '../emails/email.ts';
import type { MailTransport } from './transport.ts';
import { untilRecorded } from './until-recorded.ts';
import { deferralDelay, judge, maxDeferrals, unreachableDelay } from './verdict.ts';

export type DeliveryDeps = {
  queue: EmailQueue;
  transport: MailTransport;
  clock: Clock;
  logger: Logger;
  /** Milliseconds. */
  timing: { attemptMs: number; recordMs: number };
};

/** How long an e-mail is kept from other senders, in milliseconds: an attempt, and the time to record what came of it. */
export const leaseMsOf = ({ attemptMs, recordMs }: DeliveryDeps['timing']): number => attemptMs + recordMs;

/** Whether the mail server could be used: the sender slows down while it cannot. */
export type DeliveryResult = 'reached' | 'unreachable';

/** Sends one e-mail and records what came of it. Never rejects. */
export const deliver = async (deps: DeliveryDeps, email: LeasedEmail): Promise<DeliveryResult> => {
  const { transport, logger } = deps;
  try {
    await transport.send(email);
  } catch (error) {
    return recordFailure(deps, email, error);
  }
  await recordSent(deps, email);
  logger.debug({ emailId: email.emailId }, 'an e-mail was sent');
  return 'reached';
};

/**
 * From the server's 250 on, an e-mail must not be sent again: while the database is away, recording is repeated as long as
 * the lease keeps others from it. Only the end of the process can come between. [guarantees.md 10]
 */
const recordSent = async ({ queue, clock, logger, timing }: DeliveryDeps, email: LeasedEmail): Promise<void> => {
  await untilRecorded(
    () => queue.recordSent(email, clock.now()),
    timing.recordMs,
    (err) => logger.error({ err, emailId: email.emailId }, 'an e-mail was sent and could not be recorded as sent'),
  );
};

const recordFailure = async (deps: DeliveryDeps, email: LeasedEmail, error: unknown): Promise<DeliveryResult> => {
  const { queue, clock, logger } = deps;
  const verdict = judge(error);
  const deferrals = email.deferrals + 1;
  const final = verdict.kind === 'refused' || (verdict.kind === 'deferred' && deferrals > maxDeferrals);
  const details = { emailId: email.emailId, attempts: email.attempts, verdict: verdict.kind, code: codeOf(error) };
  logger.warn(details, final ? 'an e-mail failed for good' : 'an e-mail will be tried again');
  try {
    if (final) {
      await queue.recordFailed(email, verdict.reason);
    } else {
      const deferred = verdict.kind === 'deferred';
      const delay = deferred ? deferralDelay(deferrals) : unreachableDelay(email.attempts);
      const at = new Date(clock.now().getTime() + delay);
      await queue.recordRetry(email, { at, failure: verdict.reason, deferred });
    }
  } catch (err) {
    // Nothing is lost: it is due again when its lease ends.
    logger.error({ err, emailId: email.emailId }, 'a failed attempt could not be recorded');
  }
  return verdict.kind === 'unreachable' ? 'unreachable' : 'reached';
};

/** The server's own words may hold the address: they belong into the database, not into the log. */
const codeOf = (error: unknown): string => {
  const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown };
  return [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
};
