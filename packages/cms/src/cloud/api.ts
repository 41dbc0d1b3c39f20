import { type Api, ApiProblem, ApiUnreachable, createApi } from '@smartserver/client';
import { CmsProblem, cloudProblem, isProblem } from '../problem.ts';

/** What the cloud client needs from the machine it runs on; tests bring their own. */
export type Machine = {
  now(): Date;
  fetch: typeof fetch;
  /** Waits for some milliseconds. */
  pause(milliseconds: number): Promise<void>;
  uuid(): string;
  /** From 0 to 1: spreads repeats. */
  random(): number;
};

/** How long to keep trying while the cloud is away or busy. */
export type Patience = { retries: number; timeoutMs: number };

export const patient: Patience = { retries: 5, timeoutMs: 20_000 };
/** For what works without the cloud, too. */
export const brief: Patience = { retries: 0, timeoutMs: 5_000 };

/** Nothing answers, or not in time: the code of that CmsProblem. */
export const unreachableCode = 'cloud_unreachable';

/**
 * The public API. What fails on the way is sent again with growing delays: every request here may be repeated, because it reads,
 * replaces, or carries an Idempotency-Key.
 */
export const apiOf = (baseUrl: string, machine: Machine, patience: Patience): Api =>
  createApi({ baseUrl, ...patience, fetch: machine.fetch, sleep: machine.pause, random: machine.random });

/**
 * What a request came to, in words for the Owner.
 * @param licenseIds as they were sent, to name them: the cloud names them by position
 * @throws CmsProblem of the cloud, cloud_unreachable or not_the_cloud
 */
export const asked = async <T>(work: Promise<T>, licenseIds: readonly string[] = []): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApiProblem)
      throw isProblem(error.problem) ? cloudProblem(error.problem, licenseIds) : notTheCloud();
    if (error instanceof ApiUnreachable) throw unreachable(error);
    // What answered does not speak JSON.
    if (error instanceof SyntaxError) throw notTheCloud();
    throw error;
  }
};

/** Whether the cloud has decided: after silence, or from a cloud that is busy, the request must come again under its key. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof ApiProblem && error.status < 500 && error.status !== 429;

/** Something answers, but not the license cloud. */
export const notTheCloud = () =>
  new CmsProblem({
    code: 'not_the_cloud',
    title: 'The address does not answer like the license cloud',
    detail: 'Something else answers there.',
    advice: 'Check the address given by --url when linking.',
  });

const unreachable = ({ cause }: ApiUnreachable): CmsProblem => {
  const { cause: origin } = (cause ?? {}) as { cause?: { code?: unknown } };
  const code = typeof origin?.code === 'string' ? ` (${origin.code})` : '';
  return new CmsProblem({
    code: unreachableCode,
    title: 'The cloud cannot be reached',
    detail: `There was no answer${code}.`,
    advice: 'Check the network and the address given by --url, then run the same command again: nothing is done twice.',
  });
};
