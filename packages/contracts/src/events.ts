import type { Language } from './account.ts';
import type { ActorReference } from './actors.ts';

import type { LicenseKind, LicensePlace, LicenseStanding } from './license.ts';
import type { ReleaseClass } from './maintenance.ts';

/**
 * Events carry the full state of their aggregate and its version. A projection takes a higher version only, so the order of
 * arrival does not matter. The number at the end of a type is the version of the payload: a changed meaning gets a new one.
 */
export type EventPayloads = {
  'partner.changed.1': { partnerId: string; name: string; version: number };

  'customer.changed.1': {
    customerId: string;
    partnerId: string;
    name: string;
    contacts: { email: string; name: string; language: Language }[];
    version: number;
  };

  /** State of a license as its owner, the license service, knows it. */
  'license.changed.1': {
    licenseId: string;
    partnerId: string;
    customerId: string | null;
    kind: LicenseKind;
    deviceCount: number;
    termYears: number | null;
    renews: string | null;
    /** `controller` is activation's to say: here only inventory or customer. */
    owner: Exclude<LicensePlace, 'controller'>;
    standing: LicenseStanding;
    note: string;
    /**
     * Set on what a split leaves of a license that was active before: the parts share its term (rule 6). Activation, which
     * alone dates first activations, takes it over where it knows none.
     */
    firstActivatedAt: string | null;
    /** With `firstActivatedAt`: when the term of the parts starts. Older events have no such member. */
    startsAt?: string | null;
    version: number;
  };

  /** A release of the catalogue. `version` counts its changes, like that of every event; the release is identified by `softwareVersion`. */
  'release.changed.1': {
    releaseId: string;
    /** As the vendor writes it: one text for every way to write one version. */
    softwareVersion: string;
    releaseClass: ReleaseClass;
    releasedAt: string;
    /** It is out of the catalogue; another release may have its version now. */
    withdrawn: boolean;
    version: number;
  };

  'licenses.transferred.1': {
    transferId: string;
    partnerId: string;
    customerId: string;
    /** At least this version of the customer must be known before its contacts are notified. */
    customerVersion: number;
    licenses: LicenseSummary[];
  };

  /** License asks activation to let go of a license: whatever needs one that might be active. */
  'hold.requested.1': { holdId: string; licenseId: string; licenseVersion: number };
  /** Not needed after all: activation may give the license out again. */
  'hold.released.1': { holdId: string; licenseId: string };
  /** Granted: no activation from now on, until a `license.changed` of a higher version, or a release, ends the hold. */
  'hold.resolved.1': {
    holdId: string;
    licenseId: string;
    granted: boolean;
    refusal: 'license_in_use' | null;
    /** Moves of the license up to this answer (0: none): moves that are still on their way are known to be older. */
    activationVersion: number;
    /** What a split must hand on, even if the event of that activation is still on its way. */
    firstActivatedAt: string | null;
    startsAt?: string | null;
  };

  'licenses.activated.1': ActivationMove & {
    mode: 'online' | 'offline';
    /** The version of the customer that activation knew: whoever notifies its contacts needs it. Older events have no such member. */
    customerVersion?: number;
  };
  'licenses.returned.1': ActivationMove & { customerVersion?: number };

  /** What account needs for first contact and takeover (rule 13). */
  'controller.changed.1': {
    installCode: string;
    partnerId: string;
    customerId: string;
    deviceKey: string | null;
    licenseCount: number;
    version: number;
  };

  /**
   * A sign-in code is to be e-mailed. What is in a queue must not be readable there: code and recipient are sealed for the
   * notification service. An address that nobody knows gets a sealed message without a recipient, so that both look alike.
   */
  'portal-code.requested.1': { challengeId: string; sealed: string; expiresAt: string };

  /** Another key or account took over a controller that held no license (rule 13): the contacts of both are notified. */
  'controller.relinked.1': {
    installCode: string;
    customerIds: string[];
    at: string;
    /** By customer: the version that account knew, as in `licenses.activated.1`. */
    customerVersions?: Record<string, number>;
  };
};

export type LicenseSummary = { licenseId: string; kind: LicenseKind; deviceCount: number };

/** Licenses that moved onto, or off, a controller in one request. */
type ActivationMove = {
  installCode: string;
  segmentName: string;
  partnerId: string;
  customerId: string;
  licenses: (LicenseSummary & {
    activationId: string;
    activatedAt: string;
    /** When its term starts: a renewal that was activated early starts later. Older events have no such member. */
    startsAt: string | null;
    expiresAt: string | null;
    /** Counts the moves of this license on activation's side: a projection takes a higher one only. */
    activationVersion: number;
  })[];
};

export type EventType = keyof EventPayloads;

/** A message in a queue. Its id is the event's: consumers record it, so that a repeated message has one effect. */
export type EventEnvelope<T extends EventType = EventType> = {
  [K in T]: {
    /** UUIDv7. */
    id: string;
    type: K;
    occurredAt: string;
    actor: ActorReference;
    /** W3C trace context of the request that caused it. */
    traceparent: string | null;
    data: EventPayloads[K];
  };
}[T];

export type ServiceName = 'account' | 'license' | 'activation' | 'notification';

type QueueContract = {
  consumer: ServiceName;
  events: readonly EventType[];
  /** Waits so long before delivery. */
  delaySeconds?: number;
};

/**
 * Who consumes what: one queue per consumer and event family. A producer writes an event once for each queue that lists it.
 *
 * A consumer that e-mails the contacts of a customer waits for the version of it that the event names: that is the order. What account
 * has changed in the moment before may not have reached the producer, whose version is then older; e-mails have a second of grace, so
 * that a contact who was added just before a transfer gets the e-mail about it.
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
  'notification-licenses': { consumer: 'notification', events: ['licenses.transferred.1'], delaySeconds: 1 },
  'notification-activations': {
    consumer: 'notification',
    events: ['licenses.activated.1', 'controller.relinked.1'],
    delaySeconds: 1,
  },
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

export const deliveryDelaySeconds = (queue: QueueName): number => (QUEUES[queue] as QueueContract).delaySeconds ?? 0;
