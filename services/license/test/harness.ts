import { randomUUID } from 'node:crypto';
import {
  type Actor,
  type EventEnvelope,
  type EventPayloads,
  type EventType,
  type License,
  normalizeInstallCode,
  type Order,
  type OrderLine,
} from '@smartserver/contracts';
import {
  actors,
  createTestDatabase,
  deliver,
  fakeRelay,
  makeEvent,
  outboxEvents,
  testClock,
  testIds,
  testLogger,
  testVerifier,
} from '@smartserver/testing';
import type { Deps } from '../src/deps.ts';
import { handlers as handlersOf } from '../src/events.ts';
import type { LicenseTables } from '../src/model/tables.ts';
import { license } from '../src/service.ts';

export const DAY_MS = 86_400_000;
export const unknownId = () => randomUUID();

/** The service on a database of its own; other services' events are delivered to it by the test. */
export type Harness = Awaited<ReturnType<typeof startHarness>>;

export const startHarness = async () => {
  const database = await createTestDatabase<LicenseTables>({ directories: [license.migrations], service: 'license' });
  const clock = testClock();
  const nothing = async (): Promise<void> => undefined;
  // Instead of time going by, what would happen in it.
  const time = { passes: nothing };
  const deps: Deps = {
    database,
    relay: fakeRelay,
    clock,
    ids: testIds(),
    logger: testLogger(),
    expiringWithinDays: 90,
    projections: { waitFor: async (read) => (await read()) ?? (await time.passes().then(read)) },
  };
  const handlers = handlersOf(deps);
  const app = await license.buildApp(deps, { verifier: testVerifier });

  const take = <T extends EventType>(event: EventEnvelope<T>) => deliver(database, handlers, event as EventEnvelope);
  const events = async <T extends EventType>(type: T): Promise<EventEnvelope<T>[]> =>
    (await outboxEvents(database)).filter((event) => event.type === type) as EventEnvelope<T>[];

  const send = (
    actor: Actor | null,
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: string,
    payload?: object,
    headers = {},
  ) =>
    app.inject({
      method,
      url,
      headers: {
        ...(actor === null ? {} : { authorization: `Bearer ${testVerifier.tokenFor(actor)}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    });

  return {
    deps,
    database,
    clock,
    app,
    handlers,
    take,
    events,
    staff: actors.staff(),
    get: (actor: Actor | null, url: string) => send(actor, 'GET', url),
    post: (actor: Actor | null, url: string, body?: object, headers?: object) =>
      send(actor, 'POST', url, body, headers),
    patch: (actor: Actor | null, url: string, body: object, headers?: object) =>
      send(actor, 'PATCH', url, body, headers),
    put: (actor: Actor | null, url: string, body: object, headers?: object) => send(actor, 'PUT', url, body, headers),
    delete: (actor: Actor | null, url: string) => send(actor, 'DELETE', url),
    /** What happens the next time a request waits for another service. */
    whileWaiting: (happen: () => Promise<unknown>) => {
      time.passes = async () => {
        time.passes = nothing;
        await happen();
      };
    },
    close: async () => {
      await app.close();
      await database.close();
    },
  };
};

/** A partner that account has published, with a user who may transfer. */
export const givenPartner = async (harness: Harness) => {
  const partnerId = randomUUID();
  await harness.take(makeEvent('partner.changed.1', { partnerId, name: 'Lumina Integration', version: 1 }));
  return { partnerId, user: actors.partnerUser(partnerId, 'member') };
};

export const givenCustomer = async (harness: Harness, partnerId: string, version = 1) => {
  const customerId = randomUUID();
  const data = { customerId, partnerId: partnerId, name: 'P2022-0208', contacts: [], version };
  await harness.take(makeEvent('customer.changed.1', data));
  return customerId;
};

export const CAPACITY: OrderLine = { kind: 'capacity', deviceCount: 1000, quantity: 1 };
export const MAINTENANCE: OrderLine = { kind: 'maintenance', deviceCount: 1000, termYears: 3, quantity: 1 };

export const givenLicenses = async (
  harness: Harness,
  partnerId: string,
  lines: OrderLine[] = [CAPACITY],
): Promise<License[]> => {
  const answer = await harness.post(harness.staff, '/v1/orders', { partnerId, reference: 'PO-2022-0417', lines });
  if (answer.statusCode !== 201) throw new Error(`the order was refused: ${answer.body}`);
  return answer.json<Order>().licenses;
};

export const givenTransferred = async (
  harness: Harness,
  licenses: readonly License[],
  customerId: string,
): Promise<void> => {
  const licenseIds = licenses.map((license) => license.licenseId);
  const answer = await harness.post(harness.staff, '/v1/transfers', { customerId, licenseIds });
  if (answer.statusCode !== 201) throw new Error(`the transfer was refused: ${answer.body}`);
};

/** A partner, its customer, and one license with that customer. */
export const givenAssigned = async (harness: Harness, line: OrderLine = CAPACITY) => {
  const { partnerId, user } = await givenPartner(harness);
  const customerId = await givenCustomer(harness, partnerId);
  const [license] = await givenLicenses(harness, partnerId, [line]);
  if (license === undefined) throw new Error('an order of one license has one');
  await givenTransferred(harness, [license], customerId);
  return { partnerId, user, customerId, license, url: `/v1/licenses/${license.licenseId}` };
};

type MoveOptions = {
  version: number;
  installCode?: string;
  activatedAt?: string;
  startsAt?: string | null;
  expiresAt?: string | null;
  occurredAt?: string;
};

/** An event of activation: the license went onto a controller, or came off it. */
export const moveOf = <T extends 'licenses.activated.1' | 'licenses.returned.1'>(
  type: T,
  license: License,
  customerId: string,
  options: MoveOptions,
): EventEnvelope<T> => {
  const activatedAt = options.activatedAt ?? '2026-03-01T12:00:00.000Z';
  const move = {
    installCode: normalizeInstallCode(options.installCode ?? '0302E1C2A8F40011'),
    segmentName: 'Segment 1',
    partnerId: license.partnerId,
    customerId: customerId,
    mode: 'online' as const,
    licenses: [
      {
        licenseId: license.licenseId,
        kind: license.kind,
        deviceCount: license.deviceCount,
        activationId: randomUUID(),
        activatedAt,
        startsAt: options.startsAt ?? null,
        expiresAt: options.expiresAt ?? null,
        activationVersion: options.version,
      },
    ],
  };
  return makeEvent<T>(type, move as unknown as EventPayloads[T], { occurredAt: options.occurredAt ?? activatedAt });
};

/** Activated, returned, and activated again: three moves, each an hour after the other. */
export const threeMoves = (license: License, customerId: string) => {
  const at = (hour: number) => `2026-03-01T${hour}:00:00.000Z`;
  const move = (type: 'licenses.activated.1' | 'licenses.returned.1', version: number, activated: number) =>
    moveOf(type, license, customerId, {
      version,
      activatedAt: at(activated),
      expiresAt: '2029-03-01T13:00:00.000Z',
      occurredAt: at(12 + version),
    });
  return [
    move('licenses.activated.1', 1, 13),
    move('licenses.returned.1', 2, 13),
    move('licenses.activated.1', 3, 15),
  ] as const;
};

type HoldAnswer = Partial<EventPayloads['hold.resolved.1']>;

/** The last hold that was asked for of a license. */
export const lastHold = async (harness: Harness, licenseId: string): Promise<EventPayloads['hold.requested.1']> => {
  const holds = (await harness.events('hold.requested.1')).filter((event) => event.data.licenseId === licenseId);
  const last = holds.at(-1);
  if (last === undefined) throw new Error('no hold was requested');
  return last.data;
};

/** Activation's answer to the last hold requested for a license: granted, unless given otherwise. */
export const answerOf = async (harness: Harness, licenseId: string, answer: HoldAnswer = {}) => {
  const { holdId } = await lastHold(harness, licenseId);
  return makeEvent('hold.resolved.1', {
    holdId,
    licenseId: licenseId,
    granted: true,
    refusal: null,
    activationVersion: 0,
    firstActivatedAt: null,
    ...answer,
  });
};

export const REFUSED: HoldAnswer = { granted: false, refusal: 'license_in_use', activationVersion: 1 };
