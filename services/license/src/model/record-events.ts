import type { EventType } from '@smartserver/contracts';
import { type Cause, type Clock, type Ids, type NewEvent, recordEvent } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { LicenseTables } from './tables.ts';

export const recordEvents = async <T extends EventType>(
  trx: Transaction<LicenseTables>,
  deps: { clock: Clock; ids: Ids },
  cause: Cause,
  events: readonly NewEvent<T>[],
): Promise<void> => {
  for (const event of events) await recordEvent(trx, deps, cause, event);
};
