import { type Handlers, project } from '@smartserver/service-kit';
import { recordMoves } from './activation-moves/record-moves.ts';
import type { Deps } from './deps.ts';
import { completeChanges } from './license-changes/complete-change.ts';
import { toCustomerRow, toPartnerRow } from './model/account.ts';
import type { LicenseTables } from './model/tables.ts';

/** What is done with each event that is consumed. */
export const handlers = (deps: Deps): Handlers<LicenseTables> => ({
  'partner.changed.1': async (trx, events) => {
    await project(trx, 'partners', { key: ['partner_id'] }, events.map(toPartnerRow));
  },
  'customer.changed.1': async (trx, events) => {
    await project(trx, 'customers', { key: ['customer_id'] }, events.map(toCustomerRow));
  },
  'licenses.activated.1': (trx, events) => recordMoves(trx, deps, events),
  'licenses.returned.1': (trx, events) => recordMoves(trx, deps, events),
  'hold.resolved.1': (trx, events) => completeChanges(trx, deps, events),
});
