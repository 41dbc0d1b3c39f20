import type { EventEnvelope, EventType } from '@smartserver/contracts';
import { type EventHandler, forEachEvent } from '@smartserver/service-kit';
import { customerForMail } from '../customers/customer-store.ts';
import type { Tables } from '../model/tables.ts';
import { type FanOutDeps, queueWebhooks } from '../webhooks/fan-out-service.ts';
import { controllerRelinked, type NewWebhook } from '../webhooks/webhook.ts';

/** Has the endpoints of the event's partner told of it. */
export const toWebhooks =
  <T extends EventType>(
    deps: FanOutDeps,
    webhookOf: (event: EventEnvelope<T>) => NewWebhook,
  ): EventHandler<Tables, T> =>
  (trx, events) =>
    queueWebhooks(trx, deps, events.map(webhookOf));

/** Has the endpoints of every partner concerned told, each of its own. */
export const relinkedToWebhooks = (deps: FanOutDeps): EventHandler<Tables, 'controller.relinked.1'> =>
  forEachEvent(async (trx, event) => {
    const customers = [];
    for (const customerId of new Set(event.data.customerIds)) customers.push(await customerForMail(trx, customerId));
    await queueWebhooks(trx, deps, controllerRelinked(event, customers));
  });
