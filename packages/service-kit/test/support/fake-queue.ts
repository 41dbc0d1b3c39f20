import type { QueueName } from '@smartserver/contracts';
import type { Message, Outcome } from '../../src/index.ts';
import { BATCH_JOB, fromJob, type IncomingBatch } from '../../src/messaging/batch.ts';

export const QUEUE: QueueName = 'license-accounts';

type Waiting = { id: string; data: { messages: Message[] }; failures: number; deliveries: number; stalls: number };

/** The least that a queue does: keeps jobs by their id, and delivers each again until it is done or dead. */
export class FakeQueue {
  readonly jobs = new Map<string, Waiting>();
  readonly dead = new Set<string>();
  readonly outcomes = new Map<string, Outcome[]>();

  add(id: string, data: Waiting['data']): void {
    if (!this.jobs.has(id) && !this.dead.has(id))
      this.jobs.set(id, { id, data, failures: 0, deliveries: 0, stalls: 0 });
  }

  /** @param vanishes the answer of this delivery is lost: it comes again, whatever became of it */
  async run(receive: (batch: IncomingBatch) => Promise<Outcome>, vanishes: () => boolean): Promise<void> {
    for (let turns = 0; this.jobs.size > 0; turns += 1) {
      if (turns > 5_000) throw new Error('the queue is never empty');
      const [job] = this.jobs.values();
      if (job === undefined) return;
      this.jobs.delete(job.id);
      job.deliveries += 1;
      const { id, data, failures, deliveries, stalls } = job;
      const delivered = { id, name: BATCH_JOB, data: JSON.parse(JSON.stringify(data)) };
      const outcome = await receive(
        fromJob(QUEUE, { ...delivered, attemptsMade: failures, attemptsStarted: deliveries, stalledCounter: stalls }),
      );
      this.outcomes.set(id, [...(this.outcomes.get(id) ?? []), outcome]);
      if (outcome.kind === 'dead') this.dead.add(id);
      else if (outcome.kind === 'failed') this.jobs.set(id, { ...job, failures: failures + 1 });
      else if (outcome.kind === 'later' || vanishes()) this.jobs.set(id, job);
    }
  }
}
