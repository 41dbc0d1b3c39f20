import { type Clock, forEachEvent, type Handlers, type Ids } from '@smartserver/service-kit';
import type { ActivationTables } from '../db.ts';
import { customerChanged } from './customer-changed.ts';
import { holdReleased } from './hold-released.ts';
import { holdRequested } from './hold-requested.ts';
import { licenseChanged } from './license-changed.ts';
import { releaseChanged } from './release-changed.ts';

/** What this service does with the events it consumes. */
export const activationHandlers = (deps: { clock: Clock; ids: Ids }): Handlers<ActivationTables> => ({
  'customer.changed.1': forEachEvent(customerChanged),
  'license.changed.1': forEachEvent(licenseChanged(deps)),
  'release.changed.1': forEachEvent(releaseChanged),
  'hold.requested.1': forEachEvent(holdRequested(deps)),
  'hold.released.1': forEachEvent(holdReleased(deps)),
});
