import { doubling, hour, minute, second } from '../delivery/backoff.ts';
import type { Leased, Verdict } from '../delivery/sender.ts';

/**
 * What a failed attempt means. `refused`: the server refuses this e-mail for good (5xx). `deferred`: it says "not now" to this
 * e-mail (4xx). `unreachable`: the trouble is the connection or the sign-in, not the e-mail.
 */
type SmtpAnswer = { kind: 'refused' | 'deferred' | 'unreachable'; reason: string };

type SmtpError = { code?: unknown; responseCode?: unknown; response?: unknown };

/** Replies to the commands of an e-mail itself; any other command concerns the connection. */
const aboutTheEmail = new Set(['EENVELOPE', 'EMESSAGE']);

/** 5xx that say "who are you?" or "wrong moment": wrong settings or a lost session, and no fault of the e-mail. */
const aboutTheSession = new Set([503, 530, 534, 535, 538]);

const maxReasonLength = 300;

const reasons: Readonly<Record<string, string>> = {
  ECONNECTION: 'The connection to the mail server failed.',
  ESOCKET: 'The connection to the mail server failed.',
  ETIMEDOUT: 'The mail server did not answer in time.',
  EABORT: 'The mail server took too long.',
  EDNS: 'The name of the mail server could not be resolved.',
  ETLS: 'The encrypted connection to the mail server failed.',
  EAUTH: 'The mail server refused the sign-in.',
  ENOAUTH: 'The mail server refused the sign-in.',
  EPROTOCOL: 'The mail server gave an answer that makes no sense here.',
};

/** Judges what the transport threw. Whatever is not known to be final is tried again: nothing is lost by mistake. */
export const judge = (error: unknown): SmtpAnswer => {
  const { code, responseCode, response } = (error ?? {}) as SmtpError;
  const status = typeof responseCode === 'number' ? responseCode : null;
  if (typeof code !== 'string') return { kind: 'deferred', reason: 'The e-mail could not be handed over.' };
  const ofTheEmail = aboutTheEmail.has(code) && status !== 421 && !(status !== null && aboutTheSession.has(status));
  if (!ofTheEmail) return { kind: 'unreachable', reason: reasons[code] ?? 'The mail server could not be used.' };
  // Without a reply the address or the e-mail is so malformed, or so large, that it was not even offered.
  if (status === null) return { kind: 'refused', reason: 'The address or the e-mail is not acceptable.' };
  const reason = typeof response === 'string' ? onOneLine(response) : `The mail server answered ${status}.`;
  return { kind: status >= 500 ? 'refused' : 'deferred', reason };
};

const onOneLine = (response: string): string =>
  response
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, maxReasonLength);

/** With the delays below, about five days: what RFC 5321, section 4.5.4.1, asks of a sender. */
export const maxDeferrals = 37;

/** Milliseconds after the n-th "not now": 1, 2, 4, … minutes, at most 4 hours. */
export const deferralDelay = doubling(minute, 4 * hour);

/** Milliseconds after the n-th failure to reach the server: 1, 2, 4, … seconds, at most a minute. */
export const unreachableDelay = doubling(second, minute);

/** What becomes of an e-mail that the transport failed to hand over. */
export const verdictOf = ({ attempts, failures }: Pick<Leased, 'attempts' | 'failures'>, error: unknown): Verdict => {
  const { kind, reason: failure } = judge(error);
  const code = codeOf(error);
  if (kind === 'unreachable')
    return { kind: 'retry', delayMs: unreachableDelay(attempts), failure, counts: false, unreachable: true, code };
  if (kind === 'refused' || failures >= maxDeferrals) return { kind: 'failed', failure, code };
  return { kind: 'retry', delayMs: deferralDelay(failures + 1), failure, counts: true, code };
};

/** The server's own words may hold the address: they belong into the database, not into the log. */
const codeOf = (error: unknown): string => {
  const { code, responseCode } = (error ?? {}) as SmtpError;
  return [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
};
