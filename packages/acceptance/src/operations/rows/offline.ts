import type { ActorName } from '../actors.ts';
import { newInstallCode } from '../target.ts';
import { plain, READERS, type Row } from './row.ts';

const FILE_READERS: readonly ActorName[] = [...READERS, 'customer'];
/** Who licenses a SmartServer without Internet. */
const FILE_MAKERS: readonly ActorName[] = ['staff', 'customer'];

/** Activation by file, and return by receipt. */
export const offlineRows: Row[] = [
  {
    operationId: 'createOfflineActivation',
    allowed: FILE_MAKERS,
    cases: [
      {
        about: '/licenseId',
        missing: 'license_not_found',
        request: ({ assigned }) => ({ body: { licenseId: assigned(), installCode: newInstallCode() } }),
      },
      {
        about: '/licenseId of an inventory',
        targets: ['foreign', 'unknown'],
        actors: ['customer'],
        missing: 'license_not_found',
        request: ({ inventory }) => ({ body: { licenseId: inventory(), installCode: newInstallCode() } }),
      },
      {
        // An install code that nobody has used yet is anyone's to license: there is no unknown one.
        about: '/installCode',
        targets: ['own', 'sibling', 'foreign'],
        missing: 'controller_in_use',
        oneAccount: true,
        request: ({ installCode }, { own }) => ({ body: { licenseId: own.assigned(), installCode } }),
      },
    ],
  },
  {
    operationId: 'listOfflineActivations',
    allowed: FILE_READERS,
    cases: [
      plain(() => ({ query: { limit: '200' } })),
      {
        about: 'query/licenseId',
        missing: 'empty',
        request: ({ offline }) => ({ query: { licenseId: offline.licenseId } }),
      },
      {
        about: 'query/installCode',
        missing: 'empty',
        request: ({ offline }) => ({ query: { installCode: offline.installCode } }),
      },
    ],
  },
  ...['getOfflineActivation', 'downloadOfflineActivationFile'].map(
    (operationId): Row => ({
      operationId,
      allowed: FILE_READERS,
      cases: [
        {
          about: 'path/offlineActivationId',
          missing: 'offline_activation_not_found',
          request: ({ offline }) => ({ path: { offlineActivationId: offline.id } }),
        },
      ],
    }),
  ),
  {
    operationId: 'createOfflineReturn',
    allowed: FILE_MAKERS,
    cases: [
      {
        about: '/receipt',
        missing: 'receipt_invalid',
        request: ({ offline }) => ({ body: { receipt: offline.receipt } }),
      },
    ],
  },
];
