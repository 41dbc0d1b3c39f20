import type { EventEnvelope, EventPayloads } from '@smartserver/contracts';
import type { Clock } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { addDays, dayOf, later } from '../notices/day.ts';
import { replan } from '../notices/plan-service.ts';
import { saveLicense, saveMoves, withRenewed } from './term-store.ts';

type Trx = Transaction<Tables>;
type Event = Pick<EventEnvelope, 'occurredAt'>;
type Moves = EventEnvelope<'licenses.activated.1' | 'licenses.returned.1'>;

/** News of a day may be late, and still be in time; what is older is only heard of anew. */
const LATE_DAYS = 7;

/** Takes over what is told of maintenance licenses, with what there is to tell of them from then on. */
export class TermService {
  constructor(private readonly clock: Clock) {}

  async changed(trx: Trx, event: EventEnvelope<'license.changed.1'>): Promise<void> {
    await saveLicense(trx, event.data);
    await this.#replan(trx, event, [event.data.licenseId]);
  }

  async moved(trx: Trx, event: Moves, licenses: EventPayloads['licenses.returned.1']['licenses']): Promise<void> {
    await saveMoves(trx, { ...event.data, licenses, onController: event.type === 'licenses.activated.1' });
    await this.#replan(
      trx,
      event,
      licenses.map(({ licenseId }) => licenseId),
    );
  }

  async #replan(trx: Trx, { occurredAt }: Event, licenseIds: string[]): Promise<void> {
    const from = later(dayOf(new Date(occurredAt)), addDays(dayOf(this.clock.now()), -LATE_DAYS));
    await replan(trx, await withRenewed(trx, licenseIds), from);
  }
}
