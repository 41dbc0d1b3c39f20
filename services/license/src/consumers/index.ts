import type { Handlers } from '@smartserver/service-kit';
import type { SettleDeps } from '../changes/settle-change.ts';
import type { LicenseTables } from '../db.ts';
import { customerChanged } from './customer-changed.ts';
import { holdResolved } from './hold-resolved.ts';
import { licensesActivated } from './licenses-activated.ts';
import { licensesReturned } from './licenses-returned.ts';
import { partnerChanged } from './partner-changed.ts';

/** What this service does with the events it consumes. */
export const createHandlers = (deps: SettleDeps): Handlers<LicenseTables> => ({
  'partner.changed.1': partnerChanged,
  'customer.changed.1': customerChanged,
  'licenses.activated.1': licensesActivated(deps.ids),
  'licenses.returned.1': licensesReturned(deps.ids),
  'hold.resolved.1': holdResolved(deps),
});
