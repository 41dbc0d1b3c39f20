import { type Clock, forEachEvent, type Handlers, type Ids } from '@smartserver/service-kit';
import { ChangeLedger } from '../changes/change-ledger-service.ts';
import type { LicenseTables } from '../db.ts';
import { LicenseLedger } from '../licenses/license-ledger-service.ts';
import { customerChanged } from './customer-changed.ts';
import { holdResolved } from './hold-resolved.ts';
import { licensesActivated } from './licenses-activated.ts';
import { licensesReturned } from './licenses-returned.ts';
import { partnerChanged } from './partner-changed.ts';

/** What this service does with the events it consumes. */
export const licenseHandlers = (deps: {
  clock: Clock;
  ids: Ids;
  expiringWithinDays: number;
}): Handlers<LicenseTables> => {
  const changeLedger = new ChangeLedger({ ...deps, ledger: new LicenseLedger(deps) });
  return {
    'partner.changed.1': forEachEvent(partnerChanged),
    'customer.changed.1': forEachEvent(customerChanged),
    'licenses.activated.1': forEachEvent(licensesActivated(deps.ids)),
    'licenses.returned.1': forEachEvent(licensesReturned(deps.ids)),
    'hold.resolved.1': forEachEvent(holdResolved({ ...deps, changeLedger })),
  };
};
