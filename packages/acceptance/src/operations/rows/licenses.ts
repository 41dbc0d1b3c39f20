import { randomUUID } from 'node:crypto';
import type { ActorName } from '../actors.ts';
import { ANY_VERSION, type Case, plain, READERS, type Row, STAFF, WRITERS } from './row.ts';

/** The customer sees the licenses of its accounts. */
const LICENSE_READERS: readonly ActorName[] = [...READERS, 'customer'];

const reference = () => `PO-${randomUUID()}`;
const capacity = { kind: 'capacity', deviceCount: 10, quantity: 1 } as const;

const aboutLicense = (request: Case['request']): Case => ({
  about: 'path/licenseId',
  missing: 'license_not_found',
  request,
});

/** Purchases, licenses and their moves in the cloud. */
export const licenseRows: Row[] = [
  {
    operationId: 'createOrder',
    allowed: STAFF,
    cases: [
      {
        about: '/partnerId',
        missing: 'partner_not_found',
        request: ({ partnerId }) => ({ body: { partnerId, reference: reference(), lines: [capacity] } }),
      },
      {
        about: '/lines/0/renews',
        missing: 'renewal_mismatch',
        oneAccount: true,
        request: ({ maintenance }, { own }) => {
          const line = { kind: 'maintenance', deviceCount: 10, termYears: 1, quantity: 1, renews: maintenance() };
          return { body: { partnerId: own.partnerId, reference: reference(), lines: [line] } };
        },
      },
    ],
  },
  {
    operationId: 'createTransfer',
    allowed: WRITERS,
    cases: [
      {
        about: '/customerId',
        missing: 'customer_not_found',
        request: ({ kind, customerId, inventory }, { own }) => ({
          // Staff could move it: it names a license of the same partner.
          body: { customerId, licenseIds: [kind === 'foreign' ? inventory() : own.inventory()] },
        }),
      },
      {
        about: '/customerId of a license of one’s own',
        missing: 'customer_not_found',
        actors: ['admin', 'member', 'client'],
        request: ({ customerId }, { own }) => ({ body: { customerId, licenseIds: [own.inventory()] } }),
      },
      {
        about: '/licenseIds/0',
        missing: 'license_not_found',
        oneAccount: true,
        request: ({ inventory }, { own }) => ({ body: { customerId: own.customerId, licenseIds: [inventory()] } }),
      },
      {
        about: '/licenseIds/1',
        missing: 'license_not_found',
        oneAccount: true,
        request: ({ inventory }, { own }) => ({
          body: { customerId: own.customerId, licenseIds: [own.inventory(), inventory()] },
        }),
      },
    ],
  },
  { operationId: 'listTransfers', allowed: READERS, cases: [plain(() => ({ query: { limit: '200' } }))] },
  {
    operationId: 'listLicenses',
    allowed: LICENSE_READERS,
    cases: [
      plain(() => ({ query: { limit: '200' } })),
      plain(() => ({ query: { place: 'inventory' } })),
      { about: 'query/customerId', missing: 'empty', request: ({ customerId }) => ({ query: { customerId } }) },
      { about: 'query/installCode', missing: 'empty', request: ({ installCode }) => ({ query: { installCode } }) },
      { about: 'query/text', missing: 'empty', request: ({ active }) => ({ query: { text: active } }) },
    ],
  },
  {
    operationId: 'getLicense',
    allowed: LICENSE_READERS,
    cases: [
      aboutLicense(({ active }) => ({ path: { licenseId: active } })),
      {
        ...aboutLicense(({ kind, inventory, active }) => ({
          path: { licenseId: kind === 'own' ? active : inventory() },
        })),
        about: 'path/licenseId of an inventory',
      },
    ],
  },
  {
    operationId: 'listLicenseHistory',
    allowed: LICENSE_READERS,
    cases: [
      aboutLicense(({ active }) => ({ path: { licenseId: active } })),
      // The neighbour, who had it before, is in it, but not for the customer.
      aboutLicense(({ moved }) => ({ path: { licenseId: moved } })),
    ],
  },
  {
    operationId: 'updateLicense',
    allowed: WRITERS,
    cases: [
      aboutLicense(({ assigned }) => ({
        path: { licenseId: assigned() },
        headers: ANY_VERSION,
        body: { note: 'Second floor' },
      })),
    ],
  },
  ...['suspendLicense', 'reinstateLicense', 'revokeLicense'].map(
    (operationId): Row => ({
      operationId,
      allowed: STAFF,
      cases: [aboutLicense(({ assigned }) => ({ path: { licenseId: assigned() }, body: { reason: 'As agreed' } }))],
    }),
  ),
  {
    operationId: 'takeBackLicense',
    allowed: WRITERS,
    cases: [aboutLicense(({ assigned }) => ({ path: { licenseId: assigned() } }))],
  },
  {
    operationId: 'splitLicense',
    allowed: WRITERS,
    cases: [
      aboutLicense(({ assigned }) => ({ path: { licenseId: assigned() }, body: { deviceCounts: [4, 6] } })),
      aboutLicense(({ inventory }) => ({ path: { licenseId: inventory() }, body: { deviceCounts: [4, 6] } })),
    ],
  },
  {
    operationId: 'getLicenseChange',
    allowed: LICENSE_READERS,
    cases: [
      {
        about: 'path/changeId',
        missing: 'license_change_not_found',
        request: ({ changeId }) => ({ path: { changeId } }),
      },
    ],
  },
];
