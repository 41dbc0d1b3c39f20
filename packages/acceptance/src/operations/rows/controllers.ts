import type { ActorName } from '../actors.ts';
import { newInstallCode } from '../target.ts';
import { ANYONE, type Case, plain, READERS, type Row, STAFF, WRITERS } from './row.ts';

const CONTROLLER_READERS: readonly ActorName[] = [...READERS, 'cms'];
const CMS: readonly ActorName[] = ['cms'];

const description = { segmentName: 'Building 1', softwareVersion: '4.40.012' };

const aboutController = (request: Case['request']): Case => ({
  about: 'path/installCode',
  missing: 'controller_not_found',
  request,
});

/** Controllers, what is on them, and what was said about it by e-mail. */
export const controllerRows: Row[] = [
  {
    operationId: 'listControllers',
    allowed: CONTROLLER_READERS,
    cases: [
      plain(() => ({ query: { limit: '200' } })),
      { about: 'query/customerId', missing: 'empty', request: ({ customerId }) => ({ query: { customerId } }) },
    ],
  },
  ...['getController', 'listControllerLicenses', 'listAvailableLicenses', 'getLicenseDocument'].map(
    (operationId): Row => ({
      operationId,
      allowed: CONTROLLER_READERS,
      cases: [aboutController(({ installCode }) => ({ path: { installCode } }))],
    }),
  ),
  {
    operationId: 'putController',
    allowed: [...WRITERS, 'cms'],
    cases: [
      {
        ...aboutController(({ installCode }, { own }) => ({
          path: { installCode },
          body: { customerId: own.customerId, ...description },
        })),
        actors: CMS,
      },
      {
        // An install code that nobody has used yet is anyone's to register: there is no unknown one.
        ...aboutController(({ installCode }, { own }) => ({
          path: { installCode },
          body: { customerId: own.customerId, ...description },
        })),
        targets: ['own', 'foreign'],
      },
      {
        about: '/customerId',
        missing: 'customer_not_found',
        request: ({ customerId, installCode, kind }, { own }) => ({
          path: { installCode: kind === 'own' ? own.installCode : installCode },
          body: { customerId, ...description },
        }),
        actors: WRITERS,
      },
      {
        about: '/customerId for one’s own controller',
        missing: 'customer_not_found',
        request: ({ customerId }, { own }) => ({
          path: { installCode: own.installCode },
          body: { customerId, ...description },
        }),
        actors: ['admin', 'member', 'client', 'cms'],
      },
      plain((_, { own }) => ({
        path: { installCode: own.installCode },
        body: { customerId: own.customerId, ...description },
      })),
      {
        ...plain((_, { own }) => ({
          path: { installCode: newInstallCode() },
          body: { customerId: own.customerId, ...description },
        })),
        actors: WRITERS,
      },
    ],
  },
  {
    operationId: 'resetDeviceKey',
    allowed: STAFF,
    cases: [aboutController(({ installCode }) => ({ path: { installCode } }))],
  },
  {
    operationId: 'createActivations',
    allowed: CMS,
    cases: [
      aboutController(({ installCode }, { own }) => ({
        path: { installCode },
        body: { licenseIds: [own.assigned()] },
      })),
      {
        about: '/licenseIds/0',
        missing: 'license_not_found',
        request: ({ assigned }, { own }) => ({
          path: { installCode: own.installCode },
          body: { licenseIds: [assigned()] },
        }),
      },
      {
        about: '/licenseIds/1',
        missing: 'license_not_found',
        request: ({ active, assigned, kind }, { own }) => ({
          path: { installCode: own.installCode },
          body: { licenseIds: [own.assigned(), kind === 'own' ? assigned() : active] },
        }),
      },
    ],
  },
  {
    operationId: 'createReturns',
    allowed: CMS,
    cases: [
      aboutController(({ installCode, returnable }) => ({ path: { installCode }, body: { licenseIds: [returnable] } })),
      {
        about: '/licenseIds/0',
        missing: 'license_not_on_controller',
        request: ({ returnable }, { own }) => ({
          path: { installCode: own.installCode },
          body: { licenseIds: [returnable] },
        }),
      },
    ],
  },
  { operationId: 'getLicenseKeys', allowed: ANYONE, cases: [plain(() => ({}))] },
];
