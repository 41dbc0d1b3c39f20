import type { Actor, LicensePage, Problem, Release } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { operations } from '../src/generated/operations.ts';
import { givenAssigned, type Harness, startHarness, unknownId } from './harness.ts';

/* Who may do what, and that no actor sees anything of another. Each operation has a row, or the first test fails. */

let harness: Harness;
let own: Awaited<ReturnType<typeof given>>;
let foreign: Awaited<ReturnType<typeof given>>;
beforeAll(async () => {
  harness = await startHarness();
  own = await given();
  foreign = await given();
});
afterAll(() => harness.close());

/** A customer's license with a pending change, and a release of the catalogue, which all may read. */
const given = async () => {
  const assigned = await givenAssigned(harness);
  const change = await harness.post(assigned.user, `${assigned.url}/take-back`);
  const release = await harness.post(harness.staff, '/v1/releases', newRelease());
  return {
    ...assigned,
    changeId: String(change.json().changeId),
    licenseId: assigned.license.licenseId,
    releaseId: release.json<Release>().releaseId,
  };
};

let releases = 0;
const classOfRelease = { releaseClass: 'minor', releasedAt: '2026-06-01T00:00:00Z' };
const newRelease = () => {
  releases += 1;
  return { version: `${releases}.0`, ...classOfRelease };
};

type Ids = { customerId: string; partnerId: string; licenseId: string; changeId: string; releaseId: string };
type Kind = 'staff' | 'admin' | 'member' | 'viewer' | 'client' | 'customer' | 'holder' | 'cms';
type Row = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  url: (ids: Ids) => string;
  body?: (ids: Ids) => object;
  /** Kinds of actors whose token allows it. */
  may: Kind[];
  /** The answer to a foreign or unknown id, in place of the own one. */
  notFound?: string;
};

const ALL_READERS: Kind[] = ['staff', 'admin', 'member', 'viewer', 'client', 'customer', 'holder'];
const ALL_KINDS: Kind[] = [...ALL_READERS, 'cms'];
const WRITERS: Kind[] = ['staff', 'admin', 'member', 'client'];
const licenseUrl = (ids: Ids) => `/v1/licenses/${ids.licenseId}`;
const releaseUrl = (ids: Ids) => `/v1/releases/${ids.releaseId}`;
const reason = () => ({ reason: 'unpaid' });

const ROWS: Record<string, Row> = {
  createOrder: {
    method: 'POST',
    url: () => '/v1/orders',
    body: ({ partnerId }) => ({ partnerId, reference: 'x', lines: [{ kind: 'core', deviceCount: 1, quantity: 1 }] }),
    may: ['staff'],
  },
  listLicenses: { method: 'GET', url: () => '/v1/licenses', may: ALL_READERS },
  getLicense: { method: 'GET', url: licenseUrl, may: ALL_READERS, notFound: 'license_not_found' },
  updateLicense: {
    method: 'PATCH',
    url: licenseUrl,
    body: () => ({ note: 'x' }),
    may: WRITERS,
    notFound: 'license_not_found',
  },
  listLicenseHistory: {
    method: 'GET',
    url: (ids) => `${licenseUrl(ids)}/history`,
    may: ALL_READERS,
    notFound: 'license_not_found',
  },
  createTransfer: {
    method: 'POST',
    url: () => '/v1/transfers',
    body: ({ customerId, licenseId }) => ({ customerId, licenseIds: [licenseId] }),
    may: WRITERS,
    notFound: 'customer_not_found',
  },
  listTransfers: { method: 'GET', url: () => '/v1/transfers', may: ['staff', 'admin', 'member', 'viewer', 'client'] },
  takeBackLicense: {
    method: 'POST',
    url: (ids) => `${licenseUrl(ids)}/take-back`,
    may: WRITERS,
    notFound: 'license_not_found',
  },
  splitLicense: {
    method: 'POST',
    url: (ids) => `${licenseUrl(ids)}/split`,
    body: () => ({ deviceCounts: [1, 999] }),
    may: WRITERS,
    notFound: 'license_not_found',
  },
  getLicenseChange: {
    method: 'GET',
    url: ({ changeId }) => `/v1/license-changes/${changeId}`,
    may: ALL_READERS,
    notFound: 'license_change_not_found',
  },
  suspendLicense: { method: 'POST', url: (ids) => `${licenseUrl(ids)}/suspend`, body: reason, may: ['staff'] },
  reinstateLicense: { method: 'POST', url: (ids) => `${licenseUrl(ids)}/reinstate`, body: reason, may: ['staff'] },
  listReleases: { method: 'GET', url: () => '/v1/releases', may: ALL_KINDS },
  getRelease: { method: 'GET', url: releaseUrl, may: ALL_KINDS },
  createRelease: { method: 'POST', url: () => '/v1/releases', body: newRelease, may: ['staff'] },
  updateRelease: { method: 'PUT', url: releaseUrl, body: () => classOfRelease, may: ['staff'] },
  deleteRelease: { method: 'DELETE', url: releaseUrl, may: ['staff'] },
  revokeLicense: { method: 'POST', url: (ids) => `${licenseUrl(ids)}/revoke`, body: reason, may: ['staff'] },
};

const actorOf = (kind: Kind): Actor => {
  const { partnerId, customerId, licenseId } = own;
  switch (kind) {
    case 'staff':
      return harness.staff;
    case 'client':
      return actors.apiClient(partnerId);
    case 'customer':
      return actors.customer({ customerIds: [customerId] });
    case 'holder':
      return actors.customer({ licenseIds: [licenseId] });
    case 'cms':
      return actors.cms({ partnerId, customerId, installCode: '0302E1C2A8F40011' });
    default:
      return actors.partnerUser(partnerId, kind);
  }
};

const KINDS: Kind[] = ['staff', 'admin', 'member', 'viewer', 'client', 'customer', 'holder', 'cms'];

const ask = (actor: Actor | null, row: Row, ids: Ids) => {
  const headers = { 'if-match': '*' };
  if (row.method === 'GET') return harness.get(actor, row.url(ids));
  if (row.method === 'PATCH') return harness.patch(actor, row.url(ids), row.body?.(ids) ?? {}, headers);
  if (row.method === 'PUT') return harness.put(actor, row.url(ids), row.body?.(ids) ?? {}, headers);
  if (row.method === 'DELETE') return harness.delete(actor, row.url(ids));
  return harness.post(actor, row.url(ids), row.body?.(ids));
};

test('every operation of the service has a row', () => {
  expect(Object.keys(ROWS).sort()).toEqual(operations.map((operation) => operation.operationId).sort());
});

test('without a token there is no answer', async () => {
  for (const row of Object.values(ROWS)) expectProblem(await ask(null, row, own), 401, 'unauthenticated');
});

test('each kind of actor may do what the table says, and nothing else', async () => {
  for (const [operation, row] of Object.entries(ROWS)) {
    for (const kind of KINDS) {
      const { statusCode } = await ask(actorOf(kind), row, own);
      // 409: it may, but the license has a pending change.
      const allowed = row.may.includes(kind) ? [200, 201, 204, 409] : [403];
      expect({ operation, kind, ok: allowed.includes(statusCode) ? true : statusCode }).toEqual({
        operation,
        kind,
        ok: true,
      });
    }
  }
});

test('what is another’s answers exactly as what does not exist', async () => {
  const unknown = { ...own, customerId: unknownId(), licenseId: unknownId(), changeId: unknownId() };
  for (const row of Object.values(ROWS).filter((each) => each.notFound !== undefined)) {
    for (const kind of row.may.filter((each) => each !== 'staff')) {
      const answers = await Promise.all([foreign, unknown].map((ids) => ask(actorOf(kind), row, ids)));
      const seen = answers.map((answer) => {
        const { instance, ...problem } = answer.json<Problem>();
        const { 'x-request-id': id, traceparent, date, ...headers } = answer.headers;
        return JSON.stringify({ problem, headers, status: answer.statusCode });
      });
      expect(answers[0]?.json()).toMatchObject({ status: 404, code: row.notFound });
      expect(seen[0]).toBe(seen[1]);
    }
  }
});

test('a list shows each actor its own, also when it asks for another’s', async () => {
  const idsFor = async (actor: Actor, query = '') => {
    const { items } = (await harness.get(actor, `/v1/licenses?limit=200${query}`)).json<LicensePage>();
    return items.map((license) => license.licenseId);
  };
  for (const kind of ['admin', 'member', 'viewer', 'client'] as const) {
    expect(await idsFor(actorOf(kind))).toContain(own.licenseId);
    expect(await idsFor(actorOf(kind))).not.toContain(foreign.licenseId);
  }
  for (const kind of ['customer', 'holder'] as const) expect(await idsFor(actorOf(kind))).toEqual([own.licenseId]);
  for (const kind of KINDS.filter((each) => each !== 'staff' && each !== 'cms')) {
    expect(await idsFor(actorOf(kind), `&customerId=${foreign.customerId}`)).toEqual([]);
    expect(await idsFor(actorOf(kind), `&text=${foreign.licenseId}`)).toEqual([]);
  }
  expect(await idsFor(harness.staff)).toEqual(expect.arrayContaining([own.licenseId, foreign.licenseId]));
  expect(await idsFor(actors.customer())).toEqual([]);
});
