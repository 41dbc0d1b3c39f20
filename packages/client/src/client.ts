import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '@smartserver/contracts';
import { ApiProblem, ApiUnreachable } from './problem.ts';

export type ApiClientOptions = {
  /** Where the gateway answers, e.g. `https://licensing.example.com`. */
  baseUrl: string;
  /** How often a request is sent again after 429, 503 or a broken connection. Default 4. */
  retries?: number;
  /** Bound on one attempt, milliseconds. Default 15,000. */
  timeoutMs?: number;
  /** Waits between attempts; a test passes its own. */
  sleep?: (milliseconds: number) => Promise<unknown>;
  /** Carries the requests; a test passes its own. */
  fetch?: typeof fetch;
};

export type ApiRequest = {
  /** Access token. */
  token?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** One for each intended effect; made anew for a POST that brings none. Repeats of the same request keep it. */
  idempotencyKey?: string;
  /** `application/json` unless told otherwise. */
  accept?: 'application/json' | 'text/plain';
  /** ETag of the read that an edit is based on. */
  ifMatch?: string;
  /** ETag of what is here already: answered with 304, and no body, if it is still the newest. */
  ifNoneMatch?: string;
};

export type ApiAnswer<T> = { status: number; headers: Headers; body: T };

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Calls the API as `openapi/gateway.json` describes it. What failed on the way is sent again with the same Idempotency-Key, so that
 * it has one effect however often it arrives.
 */
export class ApiClient {
  readonly baseUrl: string;
  private readonly retries: number;
  private readonly timeoutMs: number;
  private readonly sleep: (milliseconds: number) => Promise<unknown>;
  private readonly fetch: typeof fetch;

  constructor(options: ApiClientOptions) {
    this.baseUrl = options.baseUrl;
    this.retries = options.retries ?? 4;
    this.timeoutMs = options.timeoutMs ?? 15_000;
    this.sleep = options.sleep ?? wait;
    this.fetch = options.fetch ?? fetch;
  }

  async get<T>(path: string, request: ApiRequest = {}): Promise<T> {
    return (await this.send<T>('GET', path, request)).body;
  }

  /** A file: the answer is a text, as it is. */
  async getText(path: string, request: ApiRequest = {}): Promise<string> {
    return (await this.send<string>('GET', path, { ...request, accept: 'text/plain' })).body;
  }

  async post<T>(path: string, request: ApiRequest = {}): Promise<T> {
    return (await this.send<T>('POST', path, request)).body;
  }

  async put<T>(path: string, request: ApiRequest = {}): Promise<T> {
    return (await this.send<T>('PUT', path, request)).body;
  }

  /**
   * One request, with its repeats.
   *
   * @throws {ApiProblem} the API answered with an error
   * @throws {ApiUnreachable} nothing answered, after all repeats
   */
  async send<T>(method: string, path: string, request: ApiRequest = {}): Promise<ApiAnswer<T>> {
    const key = request.idempotencyKey ?? (method === 'POST' ? randomUUID() : undefined);
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.attempt<T>(method, path, { ...request, ...(key ? { idempotencyKey: key } : {}) });
      if (!(outcome instanceof Error)) return outcome;
      if (attempt === this.retries || !worthRepeating(outcome)) throw outcome;
      await this.sleep(pauseMs(outcome, attempt));
    }
  }

  private async attempt<T>(method: string, path: string, request: ApiRequest): Promise<ApiAnswer<T> | Error> {
    const { accept = 'application/json' } = request;
    const headers = new Headers({ accept });
    if (request.token) headers.set('authorization', `Bearer ${request.token}`);
    if (request.idempotencyKey) headers.set('idempotency-key', request.idempotencyKey);
    if (request.ifMatch) headers.set('if-match', request.ifMatch);
    if (request.ifNoneMatch) headers.set('if-none-match', request.ifNoneMatch);
    // The API never redirects: whoever does must not get the token.
    const init: RequestInit = { method, headers, redirect: 'error', signal: AbortSignal.timeout(this.timeoutMs) };
    if (request.body !== undefined) {
      headers.set('content-type', 'application/json');
      init.body = JSON.stringify(request.body);
    }
    try {
      const response = await this.fetch.call(undefined, new URL(path, this.baseUrl), init);
      const text = await response.text();
      if (response.ok || response.status === 304) {
        const body = accept === 'text/plain' ? text : text ? JSON.parse(text) : undefined;
        return { status: response.status, headers: response.headers, body: body as T };
      }
      return new ApiProblem(JSON.parse(text) as Problem, response.headers);
    } catch (cause) {
      return new ApiUnreachable(this.baseUrl, cause);
    }
  }
}

const worthRepeating = (error: Error): boolean =>
  error instanceof ApiUnreachable || (error instanceof ApiProblem && [429, 503].includes(error.problem.status));

const pauseMs = (error: Error, attempt: number): number => {
  const asked = error instanceof ApiProblem ? Number(error.headers.get('retry-after')) * 1000 : 0;
  return Math.min(LONGEST_PAUSE_MS, Math.max(asked, FIRST_PAUSE_MS * 2 ** attempt));
};
