import type { Clock, Logger, Seal } from '@smartserver/service-kit';
import { untilRecorded } from '../sending/until-recorded.ts';
import type { FailedAttempt, LeasedWebhook, WebhookQueue } from './outbound.ts';
import type { Answer, Post } from './post.ts';
import { nextDelay, readRetryAfter } from './retries.ts';
import { openSecret, signedHeaders } from './secret.ts';
import { webhookIdOf } from './webhook.ts';

export type DeliverDeps = {
  queue: WebhookQueue;
  post: Post;
  /** By WEBHOOK_SEAL_KEY. */
  seal: Seal;
  clock: Clock;
  /** From 0 to 1. */
  random: () => number;
  logger: Logger;
  /** Milliseconds. */
  timing: { attemptMs: number; recordMs: number };
};

/** How long a delivery is kept from other senders, in milliseconds: an attempt, and the time to record what came of it. */
export const leaseMsOf = ({ attemptMs, recordMs }: DeliverDeps['timing']): number => attemptMs + recordMs;

/** Sends one webhook and records what came of it. Never rejects. */
export const deliverWebhook = async (deps: DeliverDeps, webhook: LeasedWebhook, cut: AbortSignal): Promise<void> => {
  const { logger, timing } = deps;
  const { endpointId, messageId, attempts } = webhook;
  const answer = await attempt(deps, webhook, cut);
  const about = { endpointId, messageId, attempts };
  await untilRecorded(
    () => record(deps, webhook, answer),
    timing.recordMs,
    (err) => logger.error({ err, ...about }, 'what came of a webhook could not be recorded'),
  );
};

/** The address of a receiver may hold a secret, and its answer anything: neither goes into the log. */
const attempt = async (deps: DeliverDeps, webhook: LeasedWebhook, cut: AbortSignal): Promise<Answer> => {
  const { endpointId, messageId, url, payload } = webhook;
  const secrets = secretsOf(deps, webhook);
  if (secrets.length === 0) {
    deps.logger.error(
      { endpointId },
      'the secret of a webhook endpoint cannot be opened: WEBHOOK_SEAL_KEY is another one',
    );
    return { kind: 'failed', failure: 'The webhook could not be signed. Rotate the secret.' };
  }
  const signed = signedHeaders(secrets, { id: webhookIdOf(messageId), at: deps.clock.now(), body: payload });
  const headers = { 'content-type': 'application/json', 'user-agent': 'SmartServer-Webhooks/1', ...signed };
  return deps.post({ url, headers, body: payload }, cut);
};

/** The newest first. A former one that does not open signs no more; without the present one nothing is signed. */
const secretsOf = ({ seal }: DeliverDeps, webhook: LeasedWebhook): string[] => {
  const open = (sealed: string | null): string[] => {
    try {
      return sealed === null ? [] : [openSecret(seal, sealed, webhook.endpointId)];
    } catch {
      // Said in the log; what was thrown knows no more.
      return [];
    }
  };
  const present = open(webhook.sealedSecret);
  return present.length === 0 ? [] : [...present, ...open(webhook.previousSealedSecret)];
};

const record = async (deps: DeliverDeps, webhook: LeasedWebhook, answer: Answer): Promise<void> => {
  const { queue, clock, logger } = deps;
  const at = clock.now();
  const about = { endpointId: webhook.endpointId, messageId: webhook.messageId, attempts: webhook.attempts };
  if (answer.kind === 'cut') return queue.release(webhook, at);
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) {
    await queue.recordDelivered(webhook, { at, responseStatus: answer.status });
    logger.debug(about, 'a webhook was delivered');
    return;
  }
  const responseStatus = answer.kind === 'answered' ? answer.status : null;
  const failed: FailedAttempt = {
    at,
    responseStatus,
    failure: answer.kind === 'failed' ? answer.failure : failureOf(answer.status),
    nextAttemptAt: nextAttempt(deps, webhook, answer, at),
  };
  const fate = await (responseStatus === 410 ? queue.recordGone(webhook, failed) : queue.recordFailed(webhook, failed));
  logger.debug({ ...about, responseStatus }, 'a webhook was not delivered');
  if (fate === 'disabled') logger.warn({ endpointId: webhook.endpointId }, 'a webhook endpoint was disabled');
};

const nextAttempt = ({ random }: DeliverDeps, webhook: LeasedWebhook, answer: Answer, at: Date): Date | null => {
  const asks = answer.kind === 'answered' && (answer.status === 429 || answer.status === 503);
  const retryAfterMs = asks ? readRetryAfter(answer.retryAfter, at) : null;
  const delay = nextDelay(webhook.failures + 1, retryAfterMs, random());
  return delay === null ? null : new Date(at.getTime() + delay);
};

const failureOf = (status: number): string =>
  status >= 300 && status < 400
    ? `The receiver answered ${status}: redirects are not followed.`
    : `The receiver answered ${status}.`;
