import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ActivationsResult,
  type Actor,
  asCustomerId,
  asLicenseId,
  asPartnerId,
  type EventEnvelope,
  type EventPayloads,
  type EventType,
  type SignedLicenseDocument,
} from '@smartserver/contracts';
import { generateKey, issueCertificate, verifyDocument } from '@smartserver/license-document';
import { NotYet, openDatabase } from '@smartserver/service-kit';
import {
  actors,
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
import { buildApp } from '../src/app.ts';
import { activationHandlers } from '../src/consumers/index.ts';
import type { ActivationDatabase, ActivationTables } from '../src/db.ts';
import { DocumentSigner, type SigningSet } from '../src/documents/document-signer.ts';
import { activationMigrations } from '../src/migrations.ts';

export const spec: object = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../openapi/activation.json'), 'utf8'),
);

export const keyOf = (name: string): string => createHash('sha256').update(name).digest('base64url');

export const signingSet = (
  from = '2026-01-01T00:00:00Z',
  to = '2036-01-01T00:00:00Z',
  rootKey = generateKey(),
): SigningSet => {
  const signingKey = generateKey();
  const [notBefore, notAfter] = [new Date(from), new Date(to)];
  const certificate = issueCertificate({ rootKey, signingKey, notBefore, notAfter });
  return { signingKey, certificate, rootPublicKey: rootKey, notBefore, notAfter };
};

type Answer = { statusCode: number; body: string; headers: Record<string, unknown>; json<T>(): T };
/** What a license.changed may say; what it does not say is ordinary. */
type NewLicense = Omit<Partial<EventPayloads['license.changed.1']>, 'licenseId'> & { licenseId?: string };

/** The service on a database of its own; other services' messages are handed to it by the test. */
export type Harness = Awaited<ReturnType<typeof startHarness>>;

/**
 * @param options.instances how many apps, each with its own pool, as so many processes would be
 */
export const startHarness = async (options: { instances?: number; poolSize?: number } = {}) => {
  const { instances = 1, poolSize = 10 } = options;
  const database = await createTestDatabase<ActivationTables>({
    directories: [activationMigrations],
    service: 'activation',
    poolSize,
  });
  const clock = testClock();
  const ids = testIds();
  const set = signingSet();
  const pools: ActivationDatabase[] = [database];
  for (let more = 1; more < instances; more += 1) {
    pools.push(
      openDatabase<ActivationTables>({ url: database.url, poolSize, service: 'activation', logger: testLogger() }),
    );
  }
  // Instead of time going by, what would happen in it.
  const time = { passes: async (): Promise<void> => undefined };
  const appOn = (on: ActivationDatabase, signer = new DocumentSigner(set, clock)) =>
    buildApp({
      database: on,
      relay: fakeRelay,
      verifier: testVerifier,
      signer,
      clock,
      ids,
      logger: testLogger(),
      spec,
      readiness: {},
      eventually: async (read) => {
        const at = await read();
        if (at !== null) return at;
        await time.passes();
        return read();
      },
    });
  const apps = await Promise.all(pools.map((pool) => appOn(pool)));
  let turn = 0;
  const nextApp = () => {
    turn += 1;
    const app = apps[turn % apps.length];
    if (app === undefined) throw new Error('no app');
    return app;
  };

  const handlers = activationHandlers({ clock, ids });
  const take = <T extends EventType>(event: EventEnvelope<T>) => deliver(database, handlers, event as EventEnvelope);
  const events = async <T extends EventType>(type: T): Promise<Extract<EventEnvelope, { type: T }>[]> =>
    (await outboxEvents(database)).filter((event): event is Extract<EventEnvelope, { type: T }> => event.type === type);

  const send = (
    actor: Actor | null,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    nextApp().inject({
      method,
      url,
      headers: {
        ...(actor === null ? {} : { authorization: `Bearer ${testVerifier.tokenFor(actor)}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    });

  const licenseChanged = ({ licenseId = randomUUID(), ...license }: NewLicense) =>
    take(
      makeEvent('license.changed.1', {
        licenseId: asLicenseId(licenseId),
        partnerId: asPartnerId(randomUUID()),
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

let codes = 0;
export const newInstallCode = (): string => {
  codes += 1;
  return `0302E1C2A8F4${String(codes).padStart(4, '0')}`;
};

/** An account with licenses on their way to nowhere yet. */
export const givenAccount = async (harness: Harness, licenses: NewLicense[] = []) => {
  const partnerId = asPartnerId(randomUUID());
  const customerId = asCustomerId(randomUUID());
  await harness.take(
    makeEvent('customer.changed.1', { customerId, partnerId, name: 'P2022-0208', contacts: [], version: 1 }),
  );
  const licenseIds: string[] = [];
  for (const license of licenses) licenseIds.push(await givenLicense(harness, { partnerId, customerId }, license));
  return { partnerId, customerId, licenseIds };
};

export type Account = Awaited<ReturnType<typeof givenAccount>>;

export const givenLicense = async (
  harness: Harness,
  { partnerId, customerId }: Pick<Account, 'partnerId' | 'customerId'>,
  license: NewLicense = {},
): Promise<string> => {
  const licenseId = license.licenseId ?? randomUUID();
  await harness.licenseChanged({ partnerId, customerId, ...license, licenseId });
  return licenseId;
};

/** A CMS session on a controller of its own, linked unless told otherwise. */
export const givenCms = async (
  harness: Harness,
  { partnerId, customerId }: Pick<Account, 'partnerId' | 'customerId'>,
  options: { installCode?: string; deviceKey?: string; linked?: boolean } = {},
) => {
  const installCode = options.installCode ?? newInstallCode();
  const cms = actors.cms({ partnerId, customerId, installCode, deviceKey: options.deviceKey ?? keyOf(installCode) });
  const url = `/v1/controllers/${installCode}`;
  if (options.linked ?? true) {
    const body = { customerId, segmentName: 'Building 1', softwareVersion: '4.40.012' };
    const answer = await harness.put(cms, url, body);
    if (answer.statusCode !== 200) throw new Error(answer.body);
  }
  return {
    installCode,
    cms,
    url,
    activate: (licenseIds: readonly string[], headers: Record<string, string> = {}) =>
      harness.post(cms, `${url}/activations`, { licenseIds }, headers),
    giveBack: (body: object, headers: Record<string, string> = {}) =>
      harness.post(cms, `${url}/returns`, body, headers),
    document: (headers: Record<string, string> = {}) => harness.get(cms, `${url}/license-document`, headers),
    onIt: () => harness.get(cms, `${url}/licenses`),
    available: () => harness.get(cms, `${url}/available-licenses`),
  };
};

export type Cms = Awaited<ReturnType<typeof givenCms>>;

/** Licenses in a signed document, as its device reads them. */
export const licensesIn = (harness: Harness, answer: Answer): string[] => {
  const body = answer.json<ActivationsResult | SignedLicenseDocument>();
  return harness.verify('document' in body ? body.document : body).licenses.map((license) => license.licenseId);
};

export const openActivations = (harness: Harness, licenseIds: readonly string[]) =>
  harness.database.kysely
    .selectFrom('activations')
    .selectAll()
    .where('license_id', 'in', [...licenseIds])
    .where('returned_at', 'is', null)
    .execute();

/** As the queue does: an event that comes too early is delivered again. */
export const untilTaken = async (deliverIt: () => Promise<unknown>): Promise<void> => {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      await deliverIt();
      return;
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
    }
  }
  throw new Error('an event was not taken in 50 attempts');
};
