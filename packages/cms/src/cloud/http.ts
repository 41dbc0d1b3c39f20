import { CmsProblem, cloudProblem, isProblem } from '../problem.ts';

/** What the cloud client needs from the machine it runs on; tests bring their own. */
export type Machine = {
  now(): Date;
  fetch: typeof fetch;
  /** Waits for some milliseconds. */
  pause(milliseconds: number): Promise<void>;
  uuid(): string;
};

export type CloudRequest = {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  token?: string;
  body?: object;
  headers?: Record<string, string>;
};

export type CloudAnswer = { status: number; headers: Headers; body: unknown };

/** How long to keep trying while the cloud is away or busy. */
export type Patience = { attempts: number; timeoutMs: number };

export const patient: Patience = { attempts: 6, timeoutMs: 20_000 };
/** For what works without the cloud, too. */
export const brief: Patience = { attempts: 1, timeoutMs: 5_000 };

const firstDelayMs = 500;
const longestDelayMs = 30_000;

/** The cloud cannot be reached: the code of that CmsProblem. */
export const unreachableCode = 'cloud_unreachable';

const busy = new Set([429, 502, 503, 504]);

/**
 * Requests to the gateway. Network failures and 429/502/503/504 are tried again with growing delays, or after what Retry-After
 * says: every request here may be repeated, because it reads, replaces, or carries an Idempotency-Key.
 */
export class CloudHttp {
  private readonly url: string;
  private readonly machine: Machine;
  private readonly patience: Patience;

  constructor(url: string, machine: Machine, patience: Patience) {
    this.url = url;
    this.machine = machine;
    this.patience = patience;
  }

  /**
   * @returns the answer, whatever its status, once the cloud has given one
   * @throws CmsProblem cloud_unreachable after the last attempt, or what a busy cloud says
   */
  async send(request: CloudRequest): Promise<CloudAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= this.patience.attempts;
      let answer: CloudAnswer | null = null;
      try {
        answer = await this.once(request);
      } catch (error) {
        if (last) throw unreachable(error);
      }
      if (answer && (last || !busy.has(answer.status))) return answer;
      await this.machine.pause(delayMs(attempt, answer?.headers.get('retry-after') ?? null));
    }
  }

  private async once({ method, path, token, body, headers }: CloudRequest): Promise<CloudAnswer> {
    const response = await this.machine.fetch(`${this.url}${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(this.patience.timeoutMs),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: parse(await response.text()) };
  }
}

/**
 * The body of a successful answer. @param licenseIds as sent, to name them in a problem
 * @throws CmsProblem of the cloud, or that it is no license cloud that answers there
 */
export function successOf<T>(answer: CloudAnswer, licenseIds: readonly string[] = []): T {
  const { status, body } = answer;
  if (status >= 200 && status < 300 && typeof body === 'object' && body !== null) return body as T;
  if (isProblem(body)) throw cloudProblem(body, licenseIds);
  throw new CmsProblem({
    code: 'not_the_cloud',
    title: 'The address does not answer like the license cloud',
    detail: `It answered with status ${status}.`,
    advice: 'Check the address given by --url when linking.',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function delayMs(attempt: number, retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? Number.NaN);
  const asked = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : 0;
  return Math.min(Math.max(firstDelayMs * 2 ** (attempt - 1), asked), longestDelayMs);
}

function unreachable(error: unknown): CmsProblem {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return new CmsProblem({
    code: unreachableCode,
    title: 'The cloud cannot be reached',
    detail: `There was no answer${typeof cause?.code === 'string' ? ` (${cause.code})` : ''}.`,
    advice: 'Check the network and the address given by --url, then run the same command again: nothing is done twice.',
  });
}
