import type { Logger } from '../logger.ts';
import type { Messaging } from '../messaging/index.ts';
import { within } from './stop-stack.ts';

/** Work that is repeated. A run that fails waits for the next; one that takes longer than the interval is not started twice. */
export type Job = {
  name: string;
  everySeconds: number;
  run: () => Promise<unknown>;
  /**
   * True: one process of all that run the service does it (a BullMQ job scheduler), and another takes over a run whose process ends.
   * False, the default: every process does it. Both must stand being done twice.
   */
  shared?: boolean;
  /** True: each process also runs it when it starts, which may follow a crash. Shared jobs run as the schedule says. */
  atStart?: boolean;
  /**
   * Seconds after which a run that has not ended is given up, and the next one starts: for a run that must not be held up by a database
   * connection that died without notice. Never by default. Not for shared jobs.
   */
  giveUpAfterSeconds?: number;
};

type JobDeps = { service: string; messaging: Pick<Messaging, 'schedule'>; logger: Logger };

/** @returns how to end it; waits for a run that is under way */
export const startJob = (deps: JobDeps, job: Job): (() => Promise<void>) =>
  job.shared === true ? startShared(deps, job) : startLocal(deps, job);

const startShared = ({ service, messaging }: JobDeps, { name, everySeconds, run }: Job): (() => Promise<void>) => {
  const work = async (): Promise<void> => {
    await run();
  };
  const schedule = messaging.schedule(`${service}-${name}`, work, { everyMs: everySeconds * 1_000 });
  return () => schedule.close();
};

const startLocal = ({ logger }: JobDeps, job: Job): (() => Promise<void>) => {
  const { name, everySeconds, atStart, giveUpAfterSeconds } = job;
  let running: Promise<unknown> | null = null;
  const run = async (): Promise<void> => {
    if (giveUpAfterSeconds === undefined) await job.run();
    else if (!(await within(job.run(), giveUpAfterSeconds * 1_000)))
      throw new Error(`the run took longer than ${giveUpAfterSeconds} s`);
  };
  const start = (): void => {
    running ??= run()
      .catch((err: unknown) => logger.warn({ err, job: name }, 'job failed'))
      .finally(() => {
        running = null;
      });
  };
  if (atStart === true) start();
  const timer = setInterval(start, everySeconds * 1_000).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
};
