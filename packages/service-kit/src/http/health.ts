import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../logger.ts';
import type { Metrics } from './metrics.ts';

/** Each names a dependency and throws when it cannot be used. */
export type ReadinessChecks = Record<string, () => Promise<void>>;

export type Draining = { readonly active: boolean; start(): void };

const CHECK_TIMEOUT_MS = 2_000;

declare module 'fastify' {
  interface FastifyInstance {
    draining: Draining;
  }
}

export const createDraining = (app: FastifyInstance): Draining => {
  let active = false;
  const draining: Draining = {
    get active() {
      return active;
    },
    start() {
      active = true;
    },
  };
  app.decorate('draining', draining);
  return draining;
};

/** From now on `/readyz` is 503, and answers carry `Connection: close`. */
export const startDraining = (app: FastifyInstance): void => {
  if (app.hasDecorator('draining')) app.draining.start();
};

/** Whether it is about to stop. Also for an encapsulated instance. */
export const isDraining = (app: FastifyInstance): boolean => app.hasDecorator('draining') && app.draining.active;

const passes = async (check: () => Promise<void>): Promise<void> => {
  const abort = new AbortController();
  const late = pause(CHECK_TIMEOUT_MS, undefined, { signal: abort.signal }).then(() => {
    throw new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`);
  });
  try {
    await Promise.race([check(), late]);
  } finally {
    late.catch(() => undefined);
    abort.abort();
  }
};

/**
 * `/healthz`: the process is alive. `/readyz`: each dependency by name. `/metrics`: Prometheus, only if given. The gateway forwards
 * none of them.
 */
export const registerHealth = (
  app: FastifyInstance,
  deps: { readiness: ReadinessChecks; metrics?: Metrics; draining: Draining; logger: Logger },
): void => {
  app.get('/healthz', () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(deps.readiness).map(async ([name, check]) => {
        try {
          await passes(check);
          return [name, 'ok'] as const;
        } catch (err) {
          deps.logger.warn({ err, dependency: name }, 'dependency not ready');
          return [name, 'failed'] as const;
        }
      }),
    );
    const ready = !deps.draining.active && results.every(([, result]) => result === 'ok');
    const status = ready ? 'ready' : deps.draining.active ? 'stopping' : 'not_ready';
    return reply.code(ready ? 200 : 503).send({ status, checks: Object.fromEntries(results) });
  });

  const { metrics } = deps;
  if (metrics === undefined) return;
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()));
};
