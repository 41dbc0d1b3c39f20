import { ApiProblem, ApiUnreachable, retryAfterMs } from './problem.ts';

export type RetryOptions = {
  /** How often a request is sent again after 429, 502, 503, 504 or a broken connection. */
  retries: number;
  /** Bound on one attempt, to the end of its answer, milliseconds. */
  timeoutMs: number;
  sleep: (milliseconds: number) => Promise<unknown>;
  fetch: typeof fetch;
  /** From 0 to 1. */
  random: () => number;
  now: () => number;
};

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;
/** The API answers 429 and 503; a proxy before it, while that is restarted, 502 and 504. */
const WORTH_REPEATING = [429, 502, 503, 504];

/**
 * A `fetch` that sends again what failed on the way, after growing pauses. Requests must be repeatable: they read, replace, or carry an
 * Idempotency-Key.
 * @throws {ApiUnreachable} nothing answered, after all repeats
 */
export const retryingFetch =
  (options: RetryOptions) =>
  async (request: Request): Promise<Response> => {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await once(request, options);
      const worthIt = outcome instanceof Error || WORTH_REPEATING.includes(outcome.status);
      if (worthIt && attempt < options.retries) {
        await options.sleep(pauseMs(outcome, attempt, options));
        continue;
      }
      if (outcome instanceof Error) throw outcome;
      return outcome;
    }
  };

const once = async (request: Request, { fetch, timeoutMs }: RetryOptions): Promise<Response | ApiUnreachable> => {
  // The API never redirects, and another server must not get the token.
  const attempt = new Request(request.clone(), { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  try {
    const response = await fetch(attempt);
    // An answer that is cut off is none: it is read here, where the request can be sent again.
    await response.clone().arrayBuffer();
    return response;
  } catch (cause) {
    // A `fetch` that was given may have asked the API something itself, as a page does for a new access token.
    if (cause instanceof ApiProblem || cause instanceof ApiUnreachable) throw cause;
    return new ApiUnreachable(new URL(request.url).origin, cause);
  }
};

/**
 * At least what the server asks for, and up to half of it more; else a time that doubles with each attempt, half of it random. So clients
 * that failed together do not come back together.
 */
const pauseMs = (outcome: Response | Error, attempt: number, { random, now }: RetryOptions): number => {
  const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  const asked = outcome instanceof Error ? null : retryAfterMs(outcome.headers, now());
  if (asked === null) return backoff / 2 + (random() * backoff) / 2;
  return Math.min(LONGEST_PAUSE_MS, Math.max(asked, backoff / 2)) * (1 + random() / 2);
};
