import type { EventEnvelope } from '@smartserver/contracts';
import type { ActivationTransaction } from '../db.ts';
import { saveRelease } from '../releases/release-store.ts';

/** The catalogue of releases, which upgrade checks ask for the class of a version. */
export const releaseChanged = (trx: ActivationTransaction, event: EventEnvelope<'release.changed.1'>): Promise<void> =>
  saveRelease(trx, event.data);
