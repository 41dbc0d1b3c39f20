import { createHash, type KeyObject, randomUUID } from 'node:crypto';
import type { Actor, EventEnvelope, EventPayloads, EventType, SignedLicenseDocument } from '@smartserver/contracts';
import {
  exportPublicKey,
  generateKey,
  importPublicKey,
  issueCertificate,
  verifyDocument,
} from '@smartserver/license-document';
import { openDatabase, RetryLater } from '@smartserver/service-kit';
import {
  createTestDatabase,
  deliver,
  fakeRelay,
  makeEvent,
  outboxEvents,
  type TestClock,
  testClock,
  testIds,
  testLogger,
  testVerifier,
} from '@smartserver/testing';
import type { Deps } from '../src/deps.ts';
import { DocumentSigner, type SigningSet } from '../src/documents/signer.ts';
import type { Tables } from '../src/model/tables.ts';
import { activation } from '../src/service.ts';

export const keyOf = (name: string): string => createHash('sha256').update(name).digest('base64url');

export const signingSet = (
  from = '2026-01-01T00:00:00Z',
  to = '2036-01-01T00:00:00Z',
  rootKey = generateKey(),
): SigningSet & { rootKey: KeyObject } => {
  const signingKey = generateKey();
  const [notBefore, notAfter] = [new Date(from), new Date(to)];
  const certificate = issueCertificate({ rootKey, signingKey, notBefore, notAfter });
  const rootPublicKey = importPublicKey(exportPublicKey(rootKey));
  return {
    signingKey,
    certificate,
    rootPublicKey,
    notBefore,
    notAfter,
    previousCertificates: [],
    revocations: null,
    rootKey,
  };
};

const isError = (line: object): boolean => 'level' in line && line.level === 50;

export type Answer = { statusCode: number; body: string; headers: Record<string, unknown>; json<T>(): T };
/** Fields of a license.changed; those not given are ordinary. */
export type NewLicense = Omit<Partial<EventPayloads['license.changed.1']>, 'licenseId'> & { licenseId?: string };

/** The service on a database of its own; other services' events are handed to it by the test. */
export type Harness = Awaited<ReturnType<typeof startHarness>>;

/**
 * @param options.instances how many apps, each with its own pool, as so many processes would be
 */
export const startHarness = async (options: { instances?: number; poolSize?: number } = {}) => {
  const { instances = 1, poolSize = 10 } = options;
  const database = await createTestDatabase<Tables>({
    directories: [activation.migrations],
    service: 'activation',
    poolSize,
  });
  const clock = testClock();
  const ids = testIds();
  const set = signingSet();
  const pools: Deps['database'][] = [database];
  for (let more = 1; more < instances; more += 1) {
    pools.push(openDatabase<Tables>({ url: database.url, poolSize, service: 'activation', logger: testLogger() }));
  }
  // Instead of time going by, what would happen in it.
  const time = { passes: async (): Promise<void> => undefined };
  const logger = testLogger();
  const depsOn = (on: Deps['database'], signer: DocumentSigner): Deps => ({
    database: on,
    relay: fakeRelay,
    signer,
    clock,
    ids,
    logger,
    customerSuccess: 'success@enocean.example',
    projections: {
      waitFor: async (read) => (await read()) ?? time.passes().then(read),
    },
  });
  const appOn = (on: Deps['database'], signer = new DocumentSigner(set, clock)) =>
    activation.buildApp(depsOn(on, signer), { verifier: testVerifier });
  const apps = await Promise.all(pools.map((pool) => appOn(pool)));
  let turn = 0;
  const nextApp = () => {
    turn += 1;
    const app = apps[turn % apps.length];
    if (app === undefined) throw new Error('no app');
    return app;
  };

  const handlers = activation.handlers?.(depsOn(database, new DocumentSigner(set, clock))) ?? {};
  const take = <T extends EventType>(event: EventEnvelope<T>) => deliver(database, handlers, event as EventEnvelope);
  const events = async <T extends EventType>(type: T): Promise<Extract<EventEnvelope, { type: T }>[]> =>
    (await outboxEvents(database)).filter((event): event is Extract<EventEnvelope, { type: T }> => event.type === type);

  const send = async (
    actor: Actor | null,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const answer = await nextApp().inject({
      method,
      url,
      headers: {
        ...(actor === null ? {} : { authorization: `Bearer ${testVerifier.tokenFor(actor)}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    });
    // The answer says nothing about an unforeseen error; a failing test should.
    if (answer.statusCode === 500) console.error(JSON.stringify(logger.lines().findLast(isError)));
    return answer;
  };

  const licenseChanged = ({ licenseId = randomUUID(), ...license }: NewLicense) =>
    take(
      makeEvent('license.changed.1', {
        licenseId: licenseId,
        partnerId: randomUUID(),
        customerId: null,
        kind: 'capacity',
        deviceCount: 200,
        termYears: null,
        renews: null,
        owner: license.customerId ? 'customer' : 'inventory',
        standing: 'good',
        note: '',
        firstActivatedAt: null,
        version: 1,
        ...license,
      }),
    );

  return {
    database,
    clock: clock as TestClock,
    set,
    apps,
    appOn,
    depsOn,
    time,
    handlers,
    take,
    events,
    send,
    licenseChanged,
    get: (actor: Actor | null, url: string, headers = {}) => send(actor, 'GET', url, undefined, headers),
    post: (actor: Actor | null, url: string, payload: object, headers = {}) =>
      send(actor, 'POST', url, payload, headers),
    put: (actor: Actor | null, url: string, payload: object, headers = {}) => send(actor, 'PUT', url, payload, headers),
    verify: (document: SignedLicenseDocument) =>
      verifyDocument(document.jws, { rootPublicKey: set.rootPublicKey, installCode: document.installCode }).document,
    close: async () => {
      await Promise.all(apps.map((app) => app.close()));
      for (const pool of pools.slice(1)) await pool.close();
      await database.close();
    },
  };
};

/** As the queue does: an event that comes too early is delivered again. */
export const untilTaken = async (deliverIt: () => Promise<unknown>): Promise<void> => {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      await deliverIt();
      return;
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
    }
  }
  throw new Error('an event was not taken in 50 attempts');
};
