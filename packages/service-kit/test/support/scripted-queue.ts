import type { JobStatus, Message, Messaging } from '../../src/index.ts';

/** A queue whose every answer the test decides. Tests wait for its calls, not for time. */
export class ScriptedQueue implements Pick<Messaging, 'publish' | 'statusesOf'> {
  readonly batches: { queue: string; id: string; messages: Message[]; at: Date }[] = [];
  /** Ids that were asked for, one entry for each time. */
  readonly asked: string[] = [];
  failures = 0;
  down = false;
  status: JobStatus = { kind: 'active' };
  /** Of single batches; the others have the common one. */
  readonly statuses = new Map<string, JobStatus>();
  private readonly waiting = new Set<() => void>();

  get published(): Message[] {
    return this.batches.flatMap(({ messages }) => messages);
  }

  async publish(queue: string, messages: readonly Message[], id = ''): Promise<string> {
    if (this.down) this.failures += 1;
    else this.batches.push({ queue, id, messages: [...messages], at: new Date() });
    this.called();
    if (this.down) throw new Error('down');
    return id;
  }

  async statusesOf(_queue: string, ids: readonly string[]): Promise<Map<string, JobStatus>> {
    this.asked.push(...ids);
    const statuses = new Map(ids.map((id) => [id, this.statuses.get(id) ?? this.status]));
    this.called();
    return statuses;
  }

  /** Resolves with the call after which the condition holds. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.waiting.delete(check);
        resolve();
      };
      this.waiting.add(check);
      check();
    });
  }

  /** Resolves when the relay has asked for the status of jobs so often again. */
  untilAsked(times: number): Promise<void> {
    const until = this.asked.length + times;
    return this.until(() => this.asked.length >= until);
  }

  private called(): void {
    for (const check of [...this.waiting]) check();
  }
}
