import { type EventHandler, takesTogether } from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';

type Handler<E> = EventHandler<Tables, E>;

/** Several things that are done with one event, one after the other, in its one transaction. */
export const inOrder = <E>(...handlers: readonly Handler<E>[]): Handler<E> =>
  takesTogether(async (trx, events) => {
    for (const handler of handlers) {
      if (handler.together !== undefined) await handler.together(trx, events);
      else for (const event of events) await handler(trx, event);
    }
  });
