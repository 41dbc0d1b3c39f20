import type { FastifyInstance } from 'fastify';
import { ConfigError } from '../config/index.ts';
import { startDraining } from '../http/health.ts';
import { within } from './shutdown.ts';

/** A started service: its work goes on until `stop`, which is bounded in time and may be called more than once. */
export type RunningService = { name: string; app: FastifyInstance; stop(): Promise<void> };

export type Listening = { listen: { host: string; port: number } };

export type RunOptions = {
  env?: NodeJS.ProcessEnv;
  /** Milliseconds between "not ready" and closing, in which a load balancer looks elsewhere. */
  drainMs?: number;
  /** Milliseconds that stopping may take as a whole. */
  stopTimeoutMs?: number;
};

/**
 * The whole life of a service's process: start, listen, and stop on SIGTERM or SIGINT. Stopping is bounded; a second signal
 * ends it at once. A bad configuration prints one line and exits with 1.
 */
export const runService = async (
  name: string,
  start: (env: NodeJS.ProcessEnv) => Promise<RunningService & Listening>,
  { env = process.env, drainMs = 0, stopTimeoutMs = 25_000 }: RunOptions = {},
): Promise<void> => {
  let service: (RunningService & Listening) | null = null;
  let signals = 0;

  const stop = async (): Promise<void> => {
    if (service === null) process.exit(0);
    startDraining(service.app);
    if (drainMs > 0) await new Promise((resolve) => setTimeout(resolve, drainMs));
    const ended = await within(service.stop(), stopTimeoutMs);
    process.exit(ended ? 0 : 1);
  };

  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    stop().catch((error: unknown) => fail(name, error));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);

  try {
    service = await start(env);
    await service.app.listen(service.listen);
  } catch (error) {
    fail(name, error);
  }
};

/** One line: what a person, or the log of a container, needs to see first. */
const fail = (name: string, error: unknown): never => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${name}: ${message.replaceAll('\n', ' ')}\n`);
  if (!(error instanceof ConfigError) && error instanceof Error && error.stack !== undefined) {
    process.stderr.write(`${error.stack}\n`);
  }
  process.exit(1);
};
