import type { Logger } from '../logger.ts';
import { postgresTransport } from './postgres-transport.ts';
import { redisTransport } from './redis-transport.ts';
import type { Transport } from './transport.ts';

type Shared = { transport: Transport; users: number };

/** All services of one process, when they use the same queues, use the same connections. */
const open = new Map<string, Shared>();

/** The transport for an address. `close` closes it once its last user has called it. */
export const shareTransport = (url: string, logger: Logger, poolSize: number): Transport => {
  const shared = open.get(url) ?? { transport: createTransport(url, logger, poolSize), users: 0 };
  open.set(url, shared);
  shared.users += 1;
  let closed = false;
  return {
    ...shared.transport,
    close: async () => {
      if (closed) return;
      closed = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      open.delete(url);
      await shared.transport.close();
    },
  };
};

const createTransport = (url: string, logger: Logger, poolSize: number): Transport => {
  const { protocol } = new URL(url);
  if (protocol === 'redis:' || protocol === 'rediss:') return redisTransport(url, logger);
  if (protocol === 'postgres:' || protocol === 'postgresql:') return postgresTransport(url, logger, poolSize);
  throw new Error('the address of the queues begins with none of redis://, rediss://, postgres://');
};
