import type { Logger } from '@smartserver/service-kit';
import { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

const WINDOW_SECONDS = 60;

/**
 * Where a limit is counted: in Redis, which all gateways share, and while it does not answer in the memory of this process.
 * @param limit requests in a minute
 */
export const limitStore = (name: string, limit: number, redis: Redis | null): RateLimiterAbstract => {
  const common = { keyPrefix: `gateway:${name}`, points: limit, duration: WINDOW_SECONDS };
  const memory = new RateLimiterMemory(common);
  if (redis === null) return memory;
  return new RateLimiterRedis({
    ...common,
    storeClient: redis,
    insuranceLimiter: memory,
    rejectIfRedisNotReady: true,
    // Who has used up the limit is refused without a round trip.
    inMemoryBlockOnConsumed: limit,
  });
};

/** A client that fails at once instead of waiting: a limit is not worth a request's time. */
export const openLimitRedis = (url: string, logger: Logger): Redis => {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    commandTimeout: 250,
    retryStrategy: (attempts) => Math.min(attempts * 100, 1_000),
  });
  let reported = false;
  redis.on('error', (err) => {
    // Once per outage: it tries again every second.
    if (!reported) logger.warn({ err }, 'limits are not shared: Redis does not answer');
    reported = true;
  });
  redis.on('ready', () => {
    reported = false;
  });
  return redis;
};
