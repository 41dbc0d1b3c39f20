import type { Clock, Handlers, Ids } from '@smartserver/service-kit';
import type { ActivationTables } from '../db.ts';
import { customerChanged } from './customer-changed.ts';
import { holdReleased } from './hold-released.ts';
import { holdRequested } from './hold-requested.ts';
import { licenseChanged } from './license-changed.ts';
import { releaseChanged } from './release-changed.ts';

/** What this service does with the events it consumes. */
export const activationHandlers = (deps: { clock: Clock; ids: Ids }): Handlers<ActivationTables> => ({
  'customer.changed.1': customerChanged,
  'license.changed.1': licenseChanged(deps),
  'release.changed.1': releaseChanged,
  'hold.requested.1': holdRequested(deps),
  'hold.released.1': holdReleased(deps),
});
