import { randomInt, randomUUID } from 'node:crypto';
import type { ActorName } from '../actors.ts';
import type { Estate } from '../estate.ts';
import type { Send } from '../http.ts';
import type { Target } from '../target.ts';
import { ANY_VERSION, type Case, plain, READERS, type Row, STAFF } from './row.ts';

/** Who sees controllers. */
const CONTROLLER_READERS: readonly ActorName[] = [...READERS, 'cms'];
/** The catalogue is everybody's to read. */
const RELEASE_READERS: readonly ActorName[] = [...CONTROLLER_READERS, 'customer'];

const versions = { fromVersion: '4.40.012', toVersion: '4.5' };

const newRelease = () => ({
  version: `${randomInt(5, 1000)}.${randomInt(10)}${randomInt(10)}.${randomInt(1_000_000)}`,
  releaseClass: 'minor',
  releasedAt: '2026-06-01T00:00:00Z',
});

/** A release of its own for actors that may name one; the catalogue has no owner, so there is no foreign one. */
async function releaseId({ kind }: Target, { tokens }: Estate, send: Send): Promise<string> {
  if (kind !== 'own') return randomUUID();
  const { status, text } = await send({
    method: 'POST',
    path: '/v1/releases',
    headers: { authorization: `Bearer ${tokens.staff}`, 'content-type': 'application/json' },
    body: JSON.stringify(newRelease()),
  });
  if (status !== 201) throw new Error(`No release: ${status} ${text}`);
  return (JSON.parse(text) as { releaseId: string }).releaseId;
}

const aboutRelease = (rest: object = {}): Case => ({
  about: 'path/releaseId',
  missing: 'release_not_found',
  targets: ['own', 'unknown'],
  request: async (target, estate, send) => ({ path: { releaseId: await releaseId(target, estate, send) }, ...rest }),
});

/** Coverage, upgrades, support, and the catalogue of releases. */
export const maintenanceRows: Row[] = [
  {
    operationId: 'getCoverage',
    allowed: CONTROLLER_READERS,
    cases: [
      {
        about: 'path/installCode',
        missing: 'controller_not_found',
        request: ({ installCode }) => ({ path: { installCode } }),
      },
    ],
  },
  {
    operationId: 'createUpgradeCheck',
    allowed: CONTROLLER_READERS,
    cases: [
      {
        about: '/installCode',
        missing: 'controller_not_found',
        request: ({ installCode }) => ({ body: { installCode, ...versions } }),
      },
    ],
  },
  {
    operationId: 'getSupportEligibility',
    allowed: CONTROLLER_READERS,
    cases: [
      {
        about: 'query/customerId',
        missing: 'customer_not_found',
        request: ({ customerId }) => ({ query: { customerId } }),
      },
      {
        about: 'query/installCode',
        missing: 'controller_not_found',
        request: ({ installCode }) => ({ query: { installCode } }),
      },
    ],
  },
  { operationId: 'listReleases', allowed: RELEASE_READERS, cases: [plain(() => ({ query: { limit: '200' } }))] },
  { operationId: 'getRelease', allowed: RELEASE_READERS, cases: [aboutRelease()] },
  { operationId: 'createRelease', allowed: STAFF, cases: [plain(() => ({ body: newRelease() }))] },
  {
    operationId: 'updateRelease',
    allowed: STAFF,
    cases: [
      aboutRelease({ headers: ANY_VERSION, body: { releaseClass: 'minor', releasedAt: '2026-06-01T00:00:00Z' } }),
    ],
  },
  { operationId: 'deleteRelease', allowed: STAFF, cases: [aboutRelease()] },
];
