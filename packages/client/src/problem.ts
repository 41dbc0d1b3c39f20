import type { Problem } from '@smartserver/contracts';

/** An error answer of the API (RFC 9457), or of something between here and the API. `code` is the contract; `message` is for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  /** What the API says about this very request. English. */
  readonly detail: string | null;
  /** Request id, for support. */
  readonly requestId: string | null;
  /** Seconds to wait before it is worth trying again. */
  readonly retryAfterSeconds: number | null;
  /** As the API sent it; null where the answer was no problem. */
  readonly problem: Problem | null;
  readonly headers: Headers;

  constructor(status: number, problem: Problem | null, headers: Headers) {
    super(problem === null ? `HTTP ${status}` : `${problem.title}. ${problem.detail}`);
    this.status = status;
    this.code = problem?.code ?? (status >= 500 ? 'unavailable' : 'not_found');
    this.detail = problem?.detail ?? null;
    this.requestId = problem?.instance ?? headers.get('x-request-id');
    const waitMs = retryAfterMs(headers, Date.now());
    this.retryAfterSeconds = waitMs === null ? null : Math.ceil(waitMs / 1_000);
    this.problem = problem;
    this.headers = headers;
  }
}

/** No answer came: the address is wrong, the network is down, or the system is not running. Whether the request arrived is not known. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';
  constructor(baseUrl: string, cause: unknown) {
    super(`Nothing answers at ${baseUrl}.`, { cause });
  }
}

/** Milliseconds that `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3); null without one. */
export const retryAfterMs = (headers: Headers, now: number): number | null => {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return text === '' || Number.isNaN(date) ? null : Math.max(0, date - now);
};

type Answer<T> = { data?: T; error?: unknown; response: Response };

/**
 * The content of an answer.
 * @throws {ApiProblem} the API answered with an error
 * @throws {ApiUnreachable} nothing answered, after all repeats
 */
export const dataOf = async <T>(answer: Answer<T> | Promise<Answer<T>>): Promise<NonNullable<T>> => {
  const { data, error, response } = await answer;
  if (!response.ok) throw new ApiProblem(response.status, problemOf(error), response.headers);
  return data as NonNullable<T>;
};

const problemOf = (value: unknown): Problem | null =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'
    ? (value as Problem)
    : null;
