import { isIPv6, type LookupFunction } from 'node:net';
import { Client } from 'undici';
import { addressFault, hostOf, type TargetRules, urlFault } from '../webhook-endpoints/target.ts';
import type { Resolve } from './resolver.ts';

/** `failed`: there was no answer to be had, for this reason. */
export type Answer =
  | { kind: 'answered'; status: number; retryAfter: string | null }
  | { kind: 'failed'; failure: string }
  /** The sender stops. */
  | { kind: 'cut' };

type PostRequest = { url: string; headers: Readonly<Record<string, string>>; body: string };

/** Hands a webhook to its receiver. Never rejects. */
export type Post = (request: PostRequest, cut: AbortSignal) => Promise<Answer>;

export type PostOptions = {
  resolve: Resolve;
  rules: TargetRules;
  /** The longest that one attempt may take, from the first question to DNS to the end of the answer. */
  timeoutMs: number;
};

/** More of an answer nobody reads: its status has said all. */
const MOST_BYTES = 64 * 1024;

const TIMED_OUT = 'The receiver did not answer in time.';

const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The receiver refused the connection.',
  ECONNRESET: 'The receiver cut the connection.',
  UND_ERR_SOCKET: 'The receiver cut the connection.',
  EPIPE: 'The receiver cut the connection.',
  EHOSTUNREACH: 'The receiver cannot be reached.',
  ENETUNREACH: 'The receiver cannot be reached.',
  ETIMEDOUT: TIMED_OUT,
  UND_ERR_CONNECT_TIMEOUT: TIMED_OUT,
  UND_ERR_HEADERS_TIMEOUT: TIMED_OUT,
  UND_ERR_HEADERS_OVERFLOW: 'The headers of the answer are too large.',
};

/**
 * One attempt, with a connection of its own. The host is resolved first, all of its addresses are looked at, and the connection goes
 * to those: nothing asks DNS a second time. Redirects are not followed, an answer is neither unpacked nor kept. [guarantees.md 23]
 */
export const createPost =
  ({ resolve, rules, timeoutMs }: PostOptions): Post =>
  async ({ url: text, headers, body }, cut) => {
    const end = endOf(timeoutMs, cut);
    let client: Client | null = null;
    try {
      const fault = urlFault(text, rules);
      if (fault !== null) return { kind: 'failed', failure: fault };
      const url = new URL(text);
      const addresses = await inTime(resolve(hostOf(url)).catch(noAddress), end.signal);
      const refusal = addresses.map((address) => addressFault(address, rules)).find((each) => each !== null);
      if (addresses.length === 0) return { kind: 'failed', failure: 'The name of the host could not be resolved.' };
      if (refusal !== undefined) return { kind: 'failed', failure: refusal };
      client = new Client(url.origin, {
        connect: { lookup: only(addresses), timeout: timeoutMs, autoSelectFamily: true },
        // One request, one connection: the next attempt looks at the addresses again.
        pipelining: 0,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const path = `${url.pathname}${url.search}`;
      const answer = await client.request({ method: 'POST', path, headers, body, signal: end.signal });
      await readSome(answer.body);
      return { kind: 'answered', status: answer.statusCode, retryAfter: asText(answer.headers['retry-after']) };
    } catch (error) {
      if (cut.aborted) return { kind: 'cut' };
      return { kind: 'failed', failure: end.signal.aborted ? TIMED_OUT : failureOf(error) };
    } finally {
      end.dismiss();
      // Cuts what the receiver still has to say.
      await client?.destroy().catch(() => undefined);
    }
  };

/** Ends an attempt when its time is up or the sender stops. By hand: `AbortSignal.any` keeps what hangs on a signal that lives on. */
const endOf = (milliseconds: number, cut: AbortSignal): { signal: AbortSignal; dismiss(): void } => {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, milliseconds);
  cut.addEventListener('abort', abort, { once: true });
  if (cut.aborted) abort();
  return {
    signal: controller.signal,
    dismiss() {
      clearTimeout(timer);
      cut.removeEventListener('abort', abort);
    },
  };
};

const noAddress = (): readonly string[] => [];

const asText = (header: string | string[] | undefined): string | null => (typeof header === 'string' ? header : null);

const inTime = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });

/** Answers a connector's question for addresses with those that were looked at, whatever it asks for. */
const only = (addresses: readonly string[]): LookupFunction => {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, options, callback) => {
    const [first] = found;
    if (options.all === true) callback(null, found);
    else callback(null, first?.address ?? '', first?.family);
  };
};

/** The status counts; of the rest so much is read that an ordinary receiver is not cut off. */
const readSome = async (body: AsyncIterable<Buffer>): Promise<void> => {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) return;
    }
  } catch {
    // Time is up, or the receiver has hung up: the status has arrived.
  }
};

const failureOf = (error: unknown): string => {
  const { name, code, cause } = (error ?? {}) as { name?: unknown; code?: unknown; cause?: { code?: unknown } };
  if (name === 'HTTPParserError') return 'The receiver does not speak HTTP.';
  for (const each of [code, cause?.code]) {
    if (typeof each !== 'string') continue;
    if (FAILURES[each] !== undefined) return FAILURES[each];
    if (/CERT|SELF_SIGNED|ISSUER|ALTNAME|^ERR_TLS|^ERR_SSL|^UNABLE_TO/.test(each))
      return 'The certificate of the receiver is not valid.';
  }
  return 'The connection to the receiver failed.';
};
