import type { Problem } from '@smartserver/contracts';

/** The API answered with a problem, or something between here and the API answered in its place. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  /** What the API says about this very request. English. */
  readonly detail: string | null;
  /** Request id, for support. */
  readonly requestId: string | null;
  /** Seconds to wait before it is worth to try again. */
  readonly retryAfterSeconds: number | null;

  constructor(status: number, problem: Problem | null, headers: Headers) {
    super(problem?.title ?? `HTTP ${status}`);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = problem?.code ?? (status >= 500 ? 'unavailable' : 'not_found');
    this.detail = problem?.detail ?? null;
    this.requestId = problem?.instance ?? headers.get('x-request-id');
    const seconds = Number(headers.get('retry-after'));
    this.retryAfterSeconds = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  }
}

/** Nothing answered. Whether the request arrived is not known; with its Idempotency-Key it is safe to send again. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached.', { cause });
    this.name = 'Unreachable';
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';

type Answer<T> = { data?: T; error?: unknown; response: Response };

/**
 * The data of an answer.
 * @throws ApiProblem
 */
export const dataOf = <T>({ data, error, response }: Answer<T>): NonNullable<T> => {
  if (response.ok && data !== undefined && data !== null) return data;
  throw new ApiProblem(response.status, isProblem(error) ? error : null, response.headers);
};

/** Whether sending the same once more may help by itself. */
export const worthRepeating = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof ApiProblem && [502, 503, 504].includes(error.status));
