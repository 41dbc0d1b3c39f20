import type { Actor } from '@smartserver/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from './operation.ts';

/** What the chassis knows about one request. One object per request: concurrent ones can share nothing. */
export type RequestState = {
  reply: FastifyReply;
  /** Null for an address that is no operation. */
  operation: Operation | null;
  actor: Actor | null;
  traceparent: string;
  /** Set by the controller, else the operation's own. */
  status: number | null;
};

const STATE = Symbol('service-kit');

type Carrier = { [STATE]?: RequestState };

export const attachState = (request: FastifyRequest, state: RequestState): void => {
  (request as Carrier)[STATE] = state;
};

/** @throws Error for a request that did not come through `buildServer` */
export const stateOf = (request: FastifyRequest): RequestState => {
  const state = (request as Carrier)[STATE];
  if (state === undefined) throw new Error('the request did not come through buildServer');
  return state;
};

export const findState = (request: FastifyRequest): RequestState | undefined => (request as Carrier)[STATE];
