import type { WebhookDelivery } from '@smartserver/contracts';
import { systemIds } from '@smartserver/service-kit';
import { actors, startWebhookSink, type WebhookSink } from '@smartserver/testing';
import { createSender, type Lane, type Quota, type SenderOptions, senderDefaults } from '../src/delivery/sender.ts';
import { type LeasedWebhook, type WebhookVerdict, webhookLanes } from '../src/webhook-deliveries/lanes.ts';
import { createPost } from '../src/webhook-deliveries/post.ts';
import { dnsResolver } from '../src/webhook-deliveries/resolver.ts';
import { partnerA } from './support.ts';
import { seal, WebhookApi } from './webhook-api.ts';

export const admin = actors.partnerUser(partnerA, 'admin');

type WebhookLane = Lane<LeasedWebhook, WebhookVerdict>;
type SenderChange = {
  /** Of real time. */
  timeoutMs?: number;
  perEndpoint?: number;
  lanes?: readonly WebhookLane[];
  options?: Partial<SenderOptions>;
};

/** Senders over a real database, to real receivers on loopback, by a clock that stands still. */
export class WebhookBench {
  readonly api: WebhookApi;
  readonly sinks: WebhookSink[] = [];

  private constructor(api: WebhookApi) {
    this.api = api;
  }

  static install(): WebhookBench {
    const bench = new WebhookBench(WebhookApi.install({ allowInsecure: true }));
    afterEach(async () => {
      for (const sink of bench.sinks.splice(0)) await sink.stop();
    });
    return bench;
  }

  /** Of endpoints that work, and of failing ones. @param timeoutMs of real time */
  lanes({ timeoutMs = 10_000, perEndpoint = 4 } = {}): WebhookLane[] {
    const { clock, logger, database } = this.api;
    const post = createPost({ resolve: dnsResolver(), rules: { allowInsecure: true }, timeoutMs });
    const random = () => 0.5;
    return webhookLanes(
      { db: database.kysely, post, seal, clock, ids: systemIds, mailDomain: 'mail.example', random, logger },
      { perEndpoint, toFailing: 16 },
    );
  }

  /** What may be leased now, for so long. */
  due(limit: number, leaseMs = 0, busy: ReadonlyMap<string, number> = new Map()): Quota {
    const now = this.api.clock.now();
    return { limit, now, leaseEnd: new Date(now.getTime() + leaseMs), busy };
  }

  async receiver(): Promise<WebhookSink> {
    const sink = await startWebhookSink();
    this.sinks.push(sink);
    return sink;
  }

  sender({ timeoutMs = 10_000, perEndpoint = 4, lanes, options }: SenderChange = {}) {
    const { clock, logger } = this.api;
    return createSender({ clock, logger }, lanes ?? this.lanes({ timeoutMs, perEndpoint }), {
      ...senderDefaults,
      drainMs: 100,
      connections: 32,
      attemptMs: timeoutMs,
      recordMs: 15_000,
      ...options,
    });
  }

  /** An endpoint there. @returns its id and secret */
  endpoint(url: string) {
    return this.api.create(admin, { url });
  }

  async send(endpointId: string, times = 1): Promise<WebhookDelivery[]> {
    const sent: WebhookDelivery[] = [];
    for (let n = 0; n < times; n += 1) sent.push((await this.api.call(admin, 'POST', `/${endpointId}/test`)).json());
    return sent;
  }

  /** All deliveries of an endpoint, oldest first. */
  async deliveries(endpointId: string): Promise<WebhookDelivery[]> {
    const answer = await this.api.call(admin, 'GET', `/${endpointId}/deliveries?limit=200`);
    return answer.json<{ items: WebhookDelivery[] }>().items.reverse();
  }

  async statusOf(endpointId: string): Promise<string> {
    return (await this.api.call(admin, 'GET', `/${endpointId}`)).json<{ status: string }>().status;
  }

  /** Advances the clock step by step, sending what is due at each. */
  async live(milliseconds: number, step: number, sender = this.sender()): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += step) {
      this.api.clock.advance(step);
      await sender.sendDue();
    }
  }
}
