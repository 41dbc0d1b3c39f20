import type { EventEnvelope } from '@smartserver/contracts';
import { type Cause, forEachEvent, type Handlers, project } from '@smartserver/service-kit';
import type { Deps } from './deps.ts';
import { releaseHold, resolveHold } from './holds/holds.ts';
import { licenseChanged } from './licenses/license-changed.ts';
import { toReleaseRow } from './model/release.ts';
import type { Tables } from './model/tables.ts';

/** The events that this service consumes. */
export const handlers = (deps: Deps): Handlers<Tables> => ({
  // Whose a customer is.
  'customer.changed.1': async (trx, events) => {
    const rows = events.map(({ data: { customerId, partnerId, version } }) => ({
      customer_id: customerId,
      partner_id: partnerId,
      version,
    }));
    await project(trx, 'customers', { key: ['customer_id'] }, rows);
  },
  // The catalogue of releases, which upgrade checks ask for the class of a version.
  'release.changed.1': async (trx, events) => {
    const rows = events.map(({ data }) => toReleaseRow(data));
    await project(trx, 'releases', { key: ['release_id'] }, rows);
  },
  'license.changed.1': forEachEvent((trx, event) => licenseChanged(trx, deps, causeOf(event), event.data)),
  // The answer to a request for a license commits together with the hold.
  'hold.requested.1': forEachEvent((trx, event) => resolveHold(trx, deps, causeOf(event), event.data)),
  'hold.released.1': forEachEvent((trx, event) => releaseHold(trx, deps, event.data)),
});

const causeOf = ({ actor, traceparent }: EventEnvelope): Cause => ({ actor, traceparent });
