import { makeEvent } from '@smartserver/testing';
import type { Message } from '../../src/index.ts';

/** `hesitant`: an earlier fact comes only after some deliveries. `curable`: fails some times, then no more. */
export type Kind = 'good' | 'poison' | 'hesitant' | 'curable' | 'unknown' | 'nonsense';

export const messageOf = (kind: Kind, id: string): Message => {
  if (kind === 'nonsense') return { id, type: 'partner.changed.1', data: 'nonsense' };
  const event = makeEvent('partner.changed.1', { partnerId: 'p' as never, name: 'n', version: 1 }, { id });
  const type = kind === 'unknown' ? 'partner.changed.9' : event.type;
  return { id, type, data: { ...event, type } };
};

export const good = (n: number): string[] => Array.from({ length: n }, () => crypto.randomUUID());
export const kindsOf = (ids: readonly string[], kind: Kind): [string, Kind][] => ids.map((id) => [id, kind]);
