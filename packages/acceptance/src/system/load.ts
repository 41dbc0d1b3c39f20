import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, ApiUnreachable, dataOf } from '@smartserver/client';
import type { LicenseHistoryPage } from '@smartserver/contracts';
import type { Controller } from './controller.ts';
import { type PartnerLogin, type People, until } from './people.ts';
import type { TestSystem } from './system.ts';

const WORKERS = 6;
const LICENSES_EACH = 4;
/** Between two requests of a worker: enough load to hit every moment, little enough to look at all of it afterwards. */
const PAUSE_MS = 15;

type Worker = { controller: Controller; licenseIds: string[]; active: Set<string> };

/** What was acknowledged, kept outside of the system: license → how often activated and returned. */
type Counts = { activated: number; returned: number };

/**
 * Devices that activate and return licenses without pause, and insist: a request is repeated with its own key until it is answered. The
 * ledger of what was acknowledged lives in the test's process, which nothing kills.
 */
export class Load {
  readonly ledger = new Map<string, Counts>();
  private readonly system: TestSystem;
  private readonly partner: PartnerLogin;
  private readonly workers: Worker[];
  private readonly emails: readonly string[];
  readonly customerId: string;
  private running = true;
  private loops: Promise<void>[] = [];

  private constructor(
    system: TestSystem,
    partner: PartnerLogin,
    customerId: string,
    emails: readonly string[],
    workers: Worker[],
  ) {
    this.system = system;
    this.partner = partner;
    this.customerId = customerId;
    this.emails = emails;
    this.workers = workers;
  }

  static async prepare(system: TestSystem, people: People, contacts = 1): Promise<Load> {
    const partner = await people.partner();
    const { customerId, emails } = await people.customer(partner, contacts);
    const licenses = await people.assignedLicenses(partner, customerId, WORKERS * LICENSES_EACH);
    const workers: Worker[] = [];
    for (let n = 0; n < WORKERS; n += 1) {
      const own = licenses.slice(n * LICENSES_EACH, (n + 1) * LICENSES_EACH).map((license) => license.licenseId);
      workers.push({ controller: await people.controller(customerId), licenseIds: own, active: new Set() });
    }
    const load = new Load(system, partner, customerId, emails, workers);
    for (const { licenseId } of licenses) load.ledger.set(licenseId, { activated: 0, returned: 0 });
    return load;
  }

  start(): void {
    this.loops = this.workers.map((worker) => this.work(worker));
  }

  /** Lets every worker finish what it has begun. */
  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.loops);
  }

  get activations(): number {
    return [...this.ledger.values()].reduce((sum, counts) => sum + counts.activated, 0);
  }

  /** Activations and returns. */
  get moves(): number {
    return [...this.ledger.values()].reduce((sum, counts) => sum + counts.activated + counts.returned, 0);
  }

  /** How many moves of one license its history has by now. */
  async recordedMoves(): Promise<number> {
    const { activated, returned } = await this.history(this.workers[0]?.licenseIds[0] ?? '');
    return activated + returned;
  }

  /**
   * What was acknowledged is there, and each event had its effect once: one history entry for each move, no more.
   * @param patience how many seconds an event may take
   */
  async check(patience = 90): Promise<void> {
    for (const { controller, active } of this.workers) {
      assert.deepEqual(new Set(await controller.licenses()), active);
    }
    for (const [licenseId, counts] of this.ledger) {
      let seen: Counts = { activated: 0, returned: 0 };
      await until(
        async () => {
          seen = await this.history(licenseId);
          return seen.activated + seen.returned >= counts.activated + counts.returned;
        },
        `the history of ${licenseId} has all ${counts.activated + counts.returned} moves`,
        patience,
      );
      assert.deepEqual({ licenseId, ...seen }, { licenseId, ...counts });
    }
  }

  /** One e-mail for each activation and contact; a repeat has the Message-ID of the first. */
  async checkMail(patience = 90): Promise<{ repeats: number }> {
    // Its own contacts' mail only: a repeat to those of an earlier test may still be on its way.
    const isMine = (to: readonly string[]) => to.some((address) => this.emails.includes(address));
    const mine = () => this.system.mail.messages.filter(({ subject, to }) => isMine(to) && /activat/i.test(subject));
    const expected = this.activations * this.emails.length;
    const distinct = () => new Set(mine().map((message) => message.messageId)).size;
    await until(async () => distinct() >= expected, `${expected} e-mails are sent`, patience);
    // A late one too many would come within the sender's pause.
    await sleep(1_000);
    assert.equal(distinct(), expected);
    return { repeats: mine().length - expected };
  }

  private async work(worker: Worker): Promise<void> {
    for (let turn = 0; this.running; turn += 1) {
      const licenseId = worker.licenseIds[turn % worker.licenseIds.length] ?? '';
      const counts = this.ledger.get(licenseId);
      if (!counts) throw new Error('A license outside the ledger.');
      const key = randomUUID();
      if (worker.active.has(licenseId)) {
        await insist(() => worker.controller.return([licenseId], key));
        worker.active.delete(licenseId);
        counts.returned += 1;
      } else {
        await insist(() => worker.controller.activate([licenseId], key));
        worker.active.add(licenseId);
        counts.activated += 1;
      }
      await sleep(PAUSE_MS);
    }
  }

  private async history(licenseId: string): Promise<Counts> {
    const counts: Counts = { activated: 0, returned: 0 };
    let cursor: string | null = '';
    while (cursor !== null) {
      const params = { path: { licenseId }, query: { limit: 200, ...(cursor ? { cursor } : {}) } };
      const api = this.system.api().as(this.partner.token);
      const page: LicenseHistoryPage = await dataOf(api.GET('/v1/licenses/{licenseId}/history', { params }));
      for (const entry of page.items)
        if (entry.event === 'activated' || entry.event === 'returned') counts[entry.event] += 1;
      cursor = page.nextCursor;
    }
    return counts;
  }
}

/** Repeats a request until it is answered. Only an outage is a reason to repeat: any other problem is a failure of the test. */
export async function insist<T>(send: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      const outage = error instanceof ApiUnreachable || (error instanceof ApiProblem && error.status === 503);
      if (!outage || Date.now() > deadline) throw error;
      await sleep(25);
    }
  }
}
