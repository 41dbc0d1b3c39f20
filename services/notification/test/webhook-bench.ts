import type { WebhookDelivery } from '@smartserver/contracts';
import { systemIds } from '@smartserver/service-kit';
import { actors, startWebhookSink, type WebhookSink } from '@smartserver/testing';
import { tellOwner } from '../src/webhooks/disabled-service.ts';
import type { WebhookQueue } from '../src/webhooks/outbound.ts';
import { webhookQueue } from '../src/webhooks/outbound-store.ts';
import { createPost, type Post } from '../src/webhooks/post.ts';
import { dnsResolver } from '../src/webhooks/resolver.ts';
import { createWebhookSender, type WebhookSenderLimits, webhookSenderLimits } from '../src/webhooks/webhook-sender.ts';
import { partnerA } from './support.ts';
import { seal, WebhookApi } from './webhook-api.ts';

export const admin = actors.partnerUser(partnerA, 'admin');

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

  get queue(): WebhookQueue {
    const { clock, database } = this.api;
    return webhookQueue(database.kysely, tellOwner({ clock, ids: systemIds, mailDomain: 'mail.example' }));
  }

  async receiver(): Promise<WebhookSink> {
    const sink = await startWebhookSink();
    this.sinks.push(sink);
    return sink;
  }

  /** @param timeoutMs of real time */
  sender(
    options: { timeoutMs?: number; limits?: Partial<WebhookSenderLimits>; queue?: WebhookQueue; post?: Post } = {},
  ) {
    const { timeoutMs = 10_000, limits, queue = this.queue } = options;
    const { clock, logger } = this.api;
    const real = createPost({ resolve: dnsResolver(), rules: { allowInsecure: true }, timeoutMs });
    const timing = { attemptMs: timeoutMs, recordMs: 15_000 };
    const deps = { queue, post: options.post ?? real, seal, clock, random: () => 0.5, logger, timing };
    return createWebhookSender(deps, { ...webhookSenderLimits, drainMs: 100, ...limits });
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
