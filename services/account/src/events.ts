import { type Handlers, project } from '@smartserver/service-kit';
import { toControllerRow } from './model/controller.ts';
import { toLicenseRow } from './model/license.ts';
import type { Tables } from './model/tables.ts';

/** What is done with each event that is consumed: projections of other services' state. */
export const handlers = (): Handlers<Tables> => ({
  'controller.changed.1': async (trx, events) => {
    await project(trx, 'controllers', { key: ['install_code'] }, events.map(toControllerRow));
  },
  'license.changed.1': async (trx, events) => {
    await project(trx, 'licenses', { key: ['license_id'] }, events.map(toLicenseRow));
  },
});
