import type { EventType } from './events.ts';

export type ServiceName = 'account' | 'license' | 'activation' | 'notification';

type QueueContract = { consumer: ServiceName; events: readonly EventType[] };

/**
 * Who consumes what: one queue per consumer and event family. A producer writes an event once for each queue that lists it.
 * A consumer that e-mails the contacts of a customer waits for the version of it that the event names.
 */
export const QUEUES = {
  'account-controllers': { consumer: 'account', events: ['controller.changed.1'] },
  'account-licenses': { consumer: 'account', events: ['license.changed.1'] },
  'license-accounts': { consumer: 'license', events: ['partner.changed.1', 'customer.changed.1'] },
  'license-activations': {
    consumer: 'license',
    events: ['licenses.activated.1', 'licenses.returned.1', 'hold.resolved.1'],
  },
  'activation-accounts': { consumer: 'activation', events: ['customer.changed.1'] },
  'activation-licenses': {
    consumer: 'activation',
    events: ['license.changed.1', 'hold.requested.1', 'hold.released.1'],
  },
  'activation-releases': { consumer: 'activation', events: ['release.changed.1'] },
  'notification-accounts': { consumer: 'notification', events: ['partner.changed.1', 'customer.changed.1'] },
  'notification-licenses': { consumer: 'notification', events: ['licenses.transferred.1'] },
  'notification-activations': { consumer: 'notification', events: ['licenses.activated.1', 'controller.relinked.1'] },
  // What notices and webhooks depend on.
  'notification-states': { consumer: 'notification', events: ['license.changed.1', 'licenses.returned.1'] },
  // A person waits for it: a queue of its own, so that it never waits behind others.
  'notification-sign-ins': { consumer: 'notification', events: ['portal-code.requested.1'] },
} as const satisfies Record<string, QueueContract>;

export type QueueName = keyof typeof QUEUES;

const contracts = Object.entries(QUEUES) as [QueueName, QueueContract][];

/** Queues that an event of this type goes to. */
export const queuesFor = (type: EventType): QueueName[] =>
  contracts.filter(([, q]) => q.events.includes(type)).map(([name]) => name);

/** Queues that a service consumes. */
export const queuesOf = (service: ServiceName): QueueName[] =>
  contracts.filter(([, q]) => q.consumer === service).map(([name]) => name);
