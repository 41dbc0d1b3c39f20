import type { EventEnvelope } from '@smartserver/contracts';
import { type Ids, RetryLater } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { LicenseHistoryRow } from '../model/history.ts';
import { insertHistory, lockLicenses, writeLicenses } from '../model/license.sql.ts';
import type { LicenseRow } from '../model/license.ts';
import type { LicenseTables } from '../model/tables.ts';
import { EVERYTHING } from '../tenancy.ts';

type MovesEvent = EventEnvelope<'licenses.activated.1' | 'licenses.returned.1'>;
type Move = MovesEvent['data']['licenses'][number];

/**
 * Takes over moves that activation decided: where each license is, and one history entry for each. The entry is written also where
 * a later move is known already; the history is ordered by when things happened.
 */
export const recordMoves = async (
  trx: Transaction<LicenseTables>,
  { ids }: { ids: Ids },
  events: readonly MovesEvent[],
): Promise<void> => {
  const moves = events.flatMap((event) => event.data.licenses.map((move) => ({ event, move })));
  const licenses = await lockLicenses(
    trx,
    EVERYTHING,
    moves.map(({ move }) => move.licenseId),
  );
  const entries: LicenseHistoryRow[] = [];
  for (const { event, move } of moves) {
    const license = licenses.get(move.licenseId);
    if (license === undefined) throw new RetryLater('a license that moved is not known here yet');
    licenses.set(move.licenseId, afterMove(license, event, move));
    entries.push(toHistoryRow(ids.ordered(), event, license));
  }
  if (moves.length === 0) return;
  await writeLicenses(trx, [...licenses.values()]);
  await insertHistory(trx, entries);
};

/**
 * The license after a move. Only the latest move says where the license is, whatever the order in which they arrive; every move says
 * when the license was activated, and the first activation is the one from which the term counts. [domain.md rule 6]
 */
const afterMove = (license: LicenseRow, { type, data }: MovesEvent, move: Move): LicenseRow => {
  const activatedAt = new Date(move.activatedAt);
  const first_activated_at = earlier(license.first_activated_at, activatedAt);
  // A term starts once; events from before the member was added do not say when.
  const starts_at = license.starts_at ?? dateOf(move.startsAt);
  const expires_at = dateOf(move.expiresAt);
  if (move.activationVersion <= license.activation_version) {
    return { ...license, first_activated_at, starts_at, expires_at: license.expires_at ?? expires_at };
  }
  const isOnController = type === 'licenses.activated.1';
  return {
    ...license,
    install_code: isOnController ? data.installCode : null,
    activated_at: isOnController ? activatedAt : null,
    starts_at,
    expires_at,
    first_activated_at,
    activation_version: move.activationVersion,
  };
};

export const dateOf = (instant: string | null | undefined): Date | null => (instant ? new Date(instant) : null);

/** The earlier of two instants of which either may be unknown. */
export const earlier = (a: Date | null, b: Date | null): Date | null => {
  if (a === null || b === null) return a ?? b;
  return a <= b ? a : b;
};

const toHistoryRow = (id: string, event: MovesEvent, license: LicenseRow): LicenseHistoryRow => ({
  partner_id: license.partner_id,
  license_id: license.license_id,
  at: new Date(event.occurredAt),
  source_id: event.id,
  entry_id: id,
  event: event.type === 'licenses.activated.1' ? 'activated' : 'returned',
  actor_kind: event.actor.kind,
  actor_id: event.actor.id,
  customer_id: event.data.customerId,
  install_code: event.data.installCode,
  detail: null,
});
