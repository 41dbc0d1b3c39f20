import { randomUUID } from 'node:crypto';
import { ADMINS, ANY_VERSION, plain, READERS, type Row, STAFF, WRITERS } from './row.ts';

const CUSTOMER_READERS = [...READERS, 'narrowClient'] as const;

const newName = () => `P-${randomUUID()}`;
const newEmail = () => `contact-${randomUUID()}@customer.example`;

/** Partners, customers, contacts and API clients. */
export const accountRows: Row[] = [
  { operationId: 'createPartner', allowed: STAFF, cases: [plain(() => ({ body: { name: newName() } }))] },
  { operationId: 'listPartners', allowed: STAFF, cases: [plain(() => ({}))] },
  {
    operationId: 'getPartner',
    allowed: STAFF,
    cases: [
      { about: 'path/partnerId', missing: 'partner_not_found', request: ({ partnerId }) => ({ path: { partnerId } }) },
    ],
  },
  {
    operationId: 'inviteUser',
    allowed: STAFF,
    cases: [
      {
        about: 'path/partnerId',
        missing: 'partner_not_found',
        request: ({ partnerId }) => ({ path: { partnerId }, body: { email: newEmail(), role: 'viewer' } }),
      },
    ],
  },
  {
    operationId: 'listUsers',
    allowed: STAFF,
    cases: [
      { about: 'path/partnerId', missing: 'partner_not_found', request: ({ partnerId }) => ({ path: { partnerId } }) },
    ],
  },
  {
    operationId: 'createCustomer',
    allowed: WRITERS,
    cases: [
      {
        about: '/partnerId',
        missing: 'partner_not_found',
        request: ({ partnerId }) => ({ body: { name: newName(), partnerId } }),
      },
    ],
  },
  {
    operationId: 'listCustomers',
    allowed: CUSTOMER_READERS,
    cases: [plain(() => ({})), plain(() => ({ query: { name: 'P-', limit: '200' } }))],
  },
  {
    operationId: 'getCustomer',
    allowed: CUSTOMER_READERS,
    cases: [
      {
        about: 'path/customerId',
        missing: 'customer_not_found',
        request: ({ customerId }) => ({ path: { customerId } }),
      },
    ],
  },
  {
    operationId: 'updateCustomer',
    allowed: WRITERS,
    cases: [
      {
        about: 'path/customerId',
        missing: 'customer_not_found',
        request: ({ customerId }) => ({ path: { customerId }, headers: ANY_VERSION, body: { name: newName() } }),
      },
    ],
  },
  {
    operationId: 'createContact',
    allowed: WRITERS,
    cases: [
      {
        about: 'path/customerId',
        missing: 'customer_not_found',
        request: ({ customerId }) => ({
          path: { customerId },
          body: { email: newEmail(), name: 'Facility management' },
        }),
      },
    ],
  },
  {
    operationId: 'listContacts',
    allowed: CUSTOMER_READERS,
    cases: [
      {
        about: 'path/customerId',
        missing: 'customer_not_found',
        request: ({ customerId }) => ({ path: { customerId } }),
      },
    ],
  },
  {
    operationId: 'deleteContact',
    allowed: WRITERS,
    cases: [
      {
        about: 'path/customerId',
        missing: 'customer_not_found',
        request: ({ customerId, contactId }) => ({ path: { customerId, contactId: contactId() } }),
      },
      {
        about: 'path/contactId',
        missing: 'contact_not_found',
        oneAccount: true,
        request: ({ contactId }, { own }) => ({ path: { customerId: own.customerId, contactId: contactId() } }),
      },
    ],
  },
  {
    operationId: 'createApiClient',
    allowed: ADMINS,
    cases: [
      {
        about: '/partnerId',
        missing: 'partner_not_found',
        request: ({ partnerId }) => ({ body: { name: newName(), scopes: ['licenses:read'], partnerId } }),
      },
    ],
  },
  { operationId: 'listApiClients', allowed: ADMINS, cases: [plain(() => ({}))] },
  ...['rotateApiClient', 'revokeApiClient'].map(
    (operationId): Row => ({
      operationId,
      allowed: ADMINS,
      cases: [
        {
          about: 'path/clientId',
          missing: 'api_client_not_found',
          request: ({ clientId }) => ({ path: { clientId: clientId() } }),
        },
      ],
    }),
  ),
];
