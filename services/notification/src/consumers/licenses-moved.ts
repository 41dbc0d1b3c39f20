import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import type { NotificationTables } from '../db.ts';
import { saveMoves } from '../terms/term-store.ts';

/** Keeps where maintenance licenses are, and until when they last. */
export async function onLicensesMoved(
  trx: Transaction<NotificationTables>,
  { type, data }: EventEnvelope<'licenses.activated.1' | 'licenses.returned.1'>,
): Promise<void> {
  const licenses = data.licenses.filter((license) => license.kind === 'maintenance');
  await saveMoves(trx, { ...data, licenses, onController: type === 'licenses.activated.1' });
}
