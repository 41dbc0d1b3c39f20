import type { Actor } from '@smartserver/contracts';
import { CALLER_BITS, type Clock, callerNetwork, problem } from '@smartserver/service-kit';
import type { FastifyReply } from 'fastify';
import type { Redis } from 'ioredis';
import { LeasedLimiter, type Verdict } from './leased-limiter.ts';
import { limitStore } from './store.ts';

/** Requests a minute; 0 for no limit. */
export type RateLimitOptions = { perAddress: number; perCredential: number; signIn: number };

/** Each counts one request and throws `rate_limited` if that is one too many. The headers of the answer are those of the last one counted. */
export type RateLimits = {
  address(ip: string, reply: FastifyReply): Promise<void>;
  signIn(ip: string, reply: FastifyReply): Promise<void>;
  credential(actor: Actor, reply: FastifyReply): Promise<void>;
};

const inSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/** Header names of draft-ietf-httpapi-ratelimit-headers that client libraries read. */
const setLimitHeaders = (reply: FastifyReply, verdict: Verdict): void => {
  reply
    .header('ratelimit-limit', verdict.limit)
    .header('ratelimit-remaining', verdict.remaining)
    .header('ratelimit-reset', inSeconds(verdict.resetMs));
};

export const createRateLimits = (deps: {
  options: RateLimitOptions;
  redis: Redis | null;
  clock: Clock;
}): RateLimits => {
  const limit = (name: string, requests: number) => {
    if (requests === 0) return async () => {};
    const limiter = new LeasedLimiter(limitStore(name, requests, deps.redis), deps.clock);
    return async (key: string, reply: FastifyReply): Promise<void> => {
      const verdict = await limiter.take(key);
      setLimitHeaders(reply, verdict);
      if (verdict.allowed) return;
      throw problem('rate_limited', { headers: { 'retry-after': String(inSeconds(verdict.resetMs)) } });
    };
  };
  const address = limit('address', deps.options.perAddress);
  const signIn = limit('sign-in', deps.options.signIn);
  const credential = limit('credential', deps.options.perCredential);
  return {
    address: (ip, reply) => address(callerNetwork(ip, CALLER_BITS), reply),
    signIn: (ip, reply) => signIn(callerNetwork(ip, CALLER_BITS), reply),
    credential: (actor, reply) => credential(`${actor.kind}:${actor.id}`, reply),
  };
};
