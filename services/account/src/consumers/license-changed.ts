import type { EventEnvelope } from '@smartserver/contracts';
import { forEachEvent } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';
import { saveLicense } from '../licenses/license-store.ts';

/** Keeps the projection of licenses: whose ID signs in. `main.js replay` of license rebuilds it. */
export const onLicenseChanged = forEachEvent(
  (trx: Transaction<AccountTables>, { data }: EventEnvelope<'license.changed.1'>): Promise<void> =>
    saveLicense(trx, data),
);
