import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import type { NotificationTables } from '../db.ts';
import { saveLicense } from '../terms/term-store.ts';

/** Keeps what is told of maintenance licenses; of other kinds nothing is. */
export async function onLicenseChanged(
  trx: Transaction<NotificationTables>,
  { data }: EventEnvelope<'license.changed.1'>,
): Promise<void> {
  if (data.kind === 'maintenance') await saveLicense(trx, data);
}
