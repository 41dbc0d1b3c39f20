import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { ConfigError } from '../config/index.ts';
import { startDraining } from '../http/health.ts';
import { isError } from '../is-error.ts';
import { within } from './stop-stack.ts';

/** A started service: its work goes on until `stop`, which is bounded in time and may be called more than once. */
export type RunningService = { name: string; app: FastifyInstance; stop(): Promise<void> };

export type Listening = { listen: { host: string; port: number } };

/** As much of the process as its life needs. */
type HostProcess = {
  env: NodeJS.ProcessEnv;
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
  stderr: { write(text: string): unknown };
};

export type RunOptions = {
  host?: HostProcess;
  /** Milliseconds between "not ready" and closing, in which callers leave the connections they keep. */
  drainMs?: number;
  /** Milliseconds that stopping may take as a whole. */
  stopTimeoutMs?: number;
};

/**
 * The whole life of a service's process: start, listen, and stop on SIGTERM or SIGINT. Stopping is bounded; a second signal
 * ends it at once. A bad configuration prints one line and exits with 1.
 */
export const runProcess = async (
  name: string,
  start: (env: NodeJS.ProcessEnv) => Promise<RunningService & Listening>,
  { host = process, drainMs = 300, stopTimeoutMs = 25_000 }: RunOptions = {},
): Promise<void> => {
  let service: RunningService | null = null;
  let signals = 0;

  const stop = async (): Promise<void> => {
    if (service === null) return host.exit(0);
    startDraining(service.app);
    await pause(drainMs, undefined, { ref: false });
    host.exit((await within(service.stop(), stopTimeoutMs)) ? 0 : 1);
  };

  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) host.exit(1);
    else stop().catch((error: unknown) => fail(host, name, error));
  };
  host.on('SIGTERM', onSignal);
  host.on('SIGINT', onSignal);

  try {
    const started = await start(host.env);
    service = started;
    await started.app.listen(started.listen);
  } catch (error) {
    fail(host, name, error);
  }
};

/** One line that a person, or the log of a container, needs to see first; the stack only of unexpected errors. */
const fail = (host: HostProcess, name: string, error: unknown): void => {
  const message = isError(error) ? error.message : String(error);
  host.stderr.write(`${name}: ${message.replaceAll('\n', ' ')}\n`);
  const foreseen = error instanceof ConfigError || (isError(error) && error.code === 'EADDRINUSE');
  if (!foreseen && isError(error) && error.stack !== undefined) host.stderr.write(`${error.stack}\n`);
  host.exit(1);
};
