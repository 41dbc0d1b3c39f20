/**
 * What a failed attempt means. `refused`: the server refuses this e-mail for good (5xx). `deferred`: it says "not now" to this
 * e-mail (4xx). `unreachable`: the trouble is the connection or the sign-in, not the e-mail.
 */
export type Verdict = { kind: 'refused' | 'deferred' | 'unreachable'; reason: string };

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
export const judge = (error: unknown): Verdict => {
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

const second = 1_000;
const minute = 60 * second;

/** With the delays below, about five days: what RFC 5321, section 4.5.4.1, asks of a sender. */
export const maxDeferrals = 37;

/** Delay in milliseconds after the n-th "not now" (n from 1 on): 1, 2, 4, … minutes, at most 4 hours. */
export const deferralDelay = (deferrals: number): number => Math.min(minute * 2 ** (deferrals - 1), 240 * minute);

/** Delay in milliseconds after the n-th failure to reach the server (n from 1 on): 1, 2, 4, … seconds, at most a minute. */
export const unreachableDelay = (failures: number): number => Math.min(second * 2 ** (failures - 1), minute);
