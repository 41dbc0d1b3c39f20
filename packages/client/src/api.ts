import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/api.ts';
import { type RetryOptions, retryingFetch } from './retry.ts';

export type ApiOptions = Partial<RetryOptions> & {
  /** Where the gateway answers, e.g. `https://licensing.example.com`. */
  baseUrl: string;
  /** Access token. */
  token?: string;
};

/** The API as `openapi/gateway.json` describes it: each path with its methods, parameters, bodies and answers. */
export type Api = Client<paths> & {
  readonly baseUrl: string;
  /** The same API, with this access token. */
  as(token: string): Api;
};

const IDEMPOTENCY_KEY = 'idempotency-key';

const defaults: RetryOptions = {
  retries: 4,
  timeoutMs: 15_000,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  fetch: (input, init) => globalThis.fetch(input, init),
  random: Math.random,
  now: Date.now,
};

/**
 * A client of the API. `dataOf(api.GET('/v1/licenses', { params: { query: { limit: 200 } } }))` is the content of an answer.
 *
 * A POST gets an Idempotency-Key unless it brings one (`params.header`). What fails on the way is sent again with the same key, so that
 * it has one effect however often it arrives.
 */
export const createApi = (options: ApiOptions): Api => {
  const { baseUrl, token } = options;
  const client = createClient<paths>({ baseUrl, fetch: retryingFetch({ ...defaults, ...options }) });
  client.use({
    onRequest: ({ request }) => {
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
      if (request.method === 'POST' && !request.headers.has(IDEMPOTENCY_KEY)) {
        request.headers.set(IDEMPOTENCY_KEY, crypto.randomUUID());
      }
    },
  });
  return Object.assign(client, { baseUrl, as: (other: string) => createApi({ ...options, token: other }) });
};
