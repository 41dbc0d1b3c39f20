import { randomBytes, randomUUID } from 'node:crypto';
import { account } from '@smartserver/account';
import { activation } from '@smartserver/activation';
import type { EventPayloads, LicenseKind, QueueName } from '@smartserver/contracts';
import { notification } from '@smartserver/notification';
import {
  type KitTables,
  type Messaging,
  openMessaging,
  problem,
  type RunningService,
  toProblem,
} from '@smartserver/service-kit';
import {
  createEmptyDatabase,
  createTestDatabase,
  makeEvent,
  type TestClock,
  testClock,
  testLogger,
} from '@smartserver/testing';

type Fault = (answer: () => Promise<Response>) => Promise<Response>;

/** The real account, activation and notification services on real databases and queues; what lies between them and the CMS can fail. */
export class CloudBench {
  readonly clock: TestClock = testClock();
  readonly partnerId = randomUUID();
  /** Requests that were sent, oldest first. */
  readonly requests: { method: string; path: string; key: string | null }[] = [];
  /** What happens to the next requests whose path matches: one fault each. */
  private faults: { path: RegExp; fault: Fault }[] = [];
  private account!: RunningService;
  private activation!: RunningService;
  private notification!: RunningService;
  private messaging!: Messaging;
  private accounts!: Awaited<ReturnType<typeof createTestDatabase<KitTables>>>;
  private cleanUps: (() => Promise<unknown>)[] = [];

  async start(): Promise<void> {
    const { clock } = this;
    const queues = await createEmptyDatabase();
    this.accounts = await createTestDatabase<KitTables>({ directories: [account.migrations], service: 'account' });
    const activations = await createTestDatabase({ directories: [activation.migrations], service: 'activation' });
    const notifications = await createTestDatabase({ directories: [notification.migrations], service: 'notification' });
    const common = { NODE_ENV: 'test', PORT: '8080', QUEUE_URL: queues.url, JWKS_URL: 'http://127.0.0.1:1/jwks.json' };
    const secret = randomBytes(32).toString('base64');
    this.account = await account.start(
      { ...common, DATABASE_URL: this.accounts.url, ACCOUNT_SECRET_KEY: secret },
      { clock, logger: testLogger() },
    );
    const { app } = this.account;
    const deps = {
      clock,
      logger: testLogger(),
      jwks: async () => (await app.inject('/.well-known/jwks.json')).json(),
    };
    this.activation = await activation.start({ ...common, DATABASE_URL: activations.url }, deps);
    // Its e-mails are not delivered: what the CMS asks of it does not wait for them.
    this.notification = await notification.start(
      { ...common, DATABASE_URL: notifications.url, SMTP_URL: 'smtp://127.0.0.1:1' },
      deps,
    );
    this.messaging = openMessaging({ url: queues.url, logger: testLogger() });
    this.cleanUps = [
      () => this.messaging.close(),
      () => this.notification.stop(),
      () => this.activation.stop(),
      () => this.account.stop(),
      () => queues.drop(),
      () => activations.close(),
      () => notifications.close(),
      () => this.accounts.close(),
    ];
    await this.accounts.pool.query(
      'insert into partners (partner_id, row_id, name, created_at) values ($1, $2, $3, $4)',
      [this.partnerId, randomUUID(), 'Integrator', clock.now()],
    );
  }

  async stop(): Promise<void> {
    for (const cleanUp of this.cleanUps) await cleanUp();
  }

  /** A customer/project of the partner, known to both services. @returns its Customer ID */
  async customer(name: string): Promise<string> {
    const customerId = randomUUID();
    await this.accounts.pool.query(
      `insert into customers (customer_id, partner_id, row_id, name, name_key, created_at)
       values ($1, $2, $3, $4, lower($4), $5)`,
      [customerId, this.partnerId, randomUUID(), name, this.clock.now()],
    );
    const data: EventPayloads['customer.changed.1'] = {
      customerId: customerId,
      partnerId: this.partnerId,
      name,
      contacts: [],
      version: 1,
    };
    await this.publish('activation-accounts', 'customer.changed.1', data);
    await this.publish('notification-accounts', 'customer.changed.1', data);
    return customerId;
  }

  /** A license transferred to the customer, as the license service publishes it. @returns its License ID */
  async license(
    customerId: string,
    kind: LicenseKind = 'capacity',
    deviceCount = 200,
    renews: string | null = null,
  ): Promise<string> {
    const licenseId = randomUUID();
    const data: EventPayloads['license.changed.1'] = {
      licenseId: licenseId,
      partnerId: this.partnerId,
      customerId: customerId,
      kind,
      deviceCount,
      termYears: kind === 'maintenance' ? 3 : null,
      renews: renews === null ? null : renews,
      firstActivatedAt: null,
      owner: 'customer',
      standing: 'good',
      note: '',
      version: 1,
    };
    await this.publish('activation-licenses', 'license.changed.1', data);
    await this.publish('account-licenses', 'license.changed.1', data);
    return licenseId;
  }

  /** The next request to this path meets this fault; the one after it the next fault. */
  fail(path: RegExp, ...faults: Fault[]): void {
    this.faults.push(...faults.map((fault) => ({ path, fault })));
  }

  /** Takes the place of the gateway: sends a request to the service it belongs to. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    const { method } = request;
    const text = await request.text();
    this.requests.push({ method, path: pathname, key: headers['idempotency-key'] ?? null });
    const { app } = this.serviceOf(pathname);
    const answer = async (): Promise<Response> => {
      const payload = text === '' ? {} : { payload: text };
      const reply = await app.inject({ method: method as 'GET', url: `${pathname}${search}`, headers, ...payload });
      const sent = new Headers(reply.headers as Record<string, string>);
      // The host of the services has their clock.
      sent.set('date', this.clock.now().toUTCString());
      return new Response(reply.statusCode === 304 ? null : reply.body, { status: reply.statusCode, headers: sent });
    };
    const index = this.faults.findIndex(({ path }) => path.test(pathname));
    const [met] = index < 0 ? [] : this.faults.splice(index, 1);
    return met ? met.fault(answer) : answer();
  };

  private serviceOf(path: string): RunningService {
    if (/^\/v1\/(cms|portal)\//.test(path)) return this.account;
    return path.includes('/notification-settings') ? this.notification : this.activation;
  }

  private async publish<T extends 'customer.changed.1' | 'license.changed.1'>(
    queue: QueueName,
    type: T,
    data: EventPayloads[T],
  ): Promise<void> {
    const event = makeEvent(type, data);
    await this.messaging.publish(queue, [{ id: event.id, type, data: event }]);
  }
}

const gone = () =>
  Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }));

/** The request does its work, and the answer is lost on the way. */
export const answerLost: Fault = async (answer) => {
  await answer();
  return gone();
};

/** The request never arrives. */
export const requestLost: Fault = () => gone();

/** The gateway is too busy to pass the request on. */
export const busy =
  (code: 'rate_limited' | 'unavailable', retryAfterSeconds: number): Fault =>
  () => {
    const error = problem(code);
    const headers = { 'content-type': 'application/problem+json', 'retry-after': String(retryAfterSeconds) };
    return Promise.resolve(
      new Response(JSON.stringify(toProblem(error, randomUUID())), { status: error.status, headers }),
    );
  };

/** Something answers that is not the cloud at all. */
export const page: Fault = () => Promise.resolve(new Response('<html>', { status: 200 }));

/** A third party on the way changes the answer. */
export const altered =
  (change: (body: { document: { jws: string } }) => void): Fault =>
  async (answer) => {
    const genuine = await answer();
    const body = (await genuine.json()) as { document: { jws: string } };
    change(body);
    return new Response(JSON.stringify(body), { status: genuine.status });
  };
