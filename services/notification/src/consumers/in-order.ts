import type { EventType } from '@smartserver/contracts';
import type { EventHandler } from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';

type Handler<T extends EventType> = EventHandler<Tables, T>;

/** Several things that are done with one batch, one after the other, in its one transaction. */
export const inOrder =
  <T extends EventType>(...handlers: readonly Handler<T>[]): Handler<T> =>
  async (trx, events) => {
    for (const handler of handlers) await handler(trx, events);
  };
