import type { EventEnvelope } from '@smartserver/contracts';
import { type Ids, RetryLater } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { LicenseTables } from '../db.ts';
import { type HistoryEntry, insertHistory } from '../history/history-store.ts';
import type { LicenseState } from '../licenses/license.ts';
import { lockLicenses, saveLicense } from '../licenses/license-store.ts';
import { afterMove } from './activation-move.ts';

type MovesEvent = EventEnvelope<'licenses.activated.1' | 'licenses.returned.1'>;

/**
 * Takes over moves that activation decided: where each license is, and one history entry for each. The entry tells of the move
 * also where a later one is known already; the history is ordered by when things happened.
 */
export const recordMoves = async (trx: Transaction<LicenseTables>, ids: Ids, event: MovesEvent): Promise<void> => {
  const { licenses: moves, installCode } = event.data;
  const known = await lockLicenses(
    trx,
    { kind: 'everything' },
    moves.map((move) => move.licenseId),
  );
  const entries: HistoryEntry[] = [];
  for (const move of moves) {
    const license = known.get(move.licenseId);
    if (license === undefined) throw new RetryLater('a license that moved is not known here yet');
    const moved = afterMove(license, {
      installCode: event.type === 'licenses.activated.1' ? installCode : null,
      activatedAt: new Date(move.activatedAt),
      startsAt: move.startsAt ? new Date(move.startsAt) : null,
      expiresAt: move.expiresAt === null ? null : new Date(move.expiresAt),
      activationVersion: move.activationVersion,
    });
    await saveLicense(trx, moved);
    entries.push(toEntry(ids, event, license));
  }
  if (entries.length > 0) await insertHistory(trx, entries);
};

const toEntry = (ids: Ids, event: MovesEvent, license: LicenseState): HistoryEntry => ({
  entryId: ids.ordered(),
  sourceId: event.id,
  partnerId: license.partnerId,
  licenseId: license.licenseId,
  event: event.type === 'licenses.activated.1' ? 'activated' : 'returned',
  at: new Date(event.occurredAt),
  actor: event.actor,
  customerId: event.data.customerId,
  installCode: event.data.installCode,
  detail: null,
});
