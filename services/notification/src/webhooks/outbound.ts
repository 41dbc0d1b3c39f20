/** A delivery taken for sending. `attempts` tells this lease from every other one of the same delivery. */
export type LeasedWebhook = {
  endpointId: string;
  messageId: string;
  attempts: number;
  /** Attempts that have failed before this one. */
  failures: number;
  url: string;
  sealedSecret: string;
  /** Null: there is none that still signs. */
  previousSealedSecret: string | null;
  payload: string;
};

export type Lease = Pick<LeasedWebhook, 'endpointId' | 'messageId' | 'attempts'>;

export type LeaseOptions = {
  /** Those of endpoints whose last attempt failed, or of the others. */
  failing: boolean;
  limit: number;
  /** How many an endpoint may have on their way at once. */
  perEndpoint: number;
  /** How many it has already, in this process. */
  busy: ReadonlyMap<string, number>;
  now: Date;
  leaseEnd: Date;
};

export type FailedAttempt = {
  at: Date;
  /** Null: there was no answer. */
  responseStatus: number | null;
  /** For the owner of the endpoint. */
  failure: string;
  /** Null: this was the last attempt. */
  nextAttemptAt: Date | null;
};

/** What has become of the endpoint. */
export type EndpointFate = 'enabled' | 'disabled';

/** What the sender does with the table. No transaction is open while it talks to a receiver. */
export type WebhookQueue = {
  /** Takes due deliveries until `leaseEnd`; another sender, in another process, takes others. */
  lease(options: LeaseOptions): Promise<LeasedWebhook[]>;
  /** The receiver took it. Recorded even if the lease was lost meanwhile: it is the truth. */
  recordDelivered(lease: Lease, answer: { at: Date; responseStatus: number }): Promise<void>;
  /** It did not, and may be asked again. Of a lease that was lost only the endpoint's record is kept. */
  recordFailed(lease: Lease, attempt: FailedAttempt): Promise<EndpointFate>;
  /** The receiver wants nothing any more: the endpoint is disabled. */
  recordGone(lease: Lease, attempt: Omit<FailedAttempt, 'nextAttemptAt'>): Promise<EndpointFate>;
  /** Given back without having been tried to the end. Does nothing when the lease was lost. */
  release(lease: Lease, now: Date): Promise<void>;
};
