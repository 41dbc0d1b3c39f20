import type { Actor } from '@smartserver/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from './operation.ts';

/** What the kit knows about one request. One object per request, so that concurrent requests share no state. */
export type RequestState = {
  reply: FastifyReply;
  /** Null for an address that is no operation. */
  operation: Operation | null;
  actor: Actor | null;
  traceparent: string;
  /** Set by `setStatus`, else the operation's own. */
  status: number | null;
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for a request that did not come through `buildServer`. */
    kit: RequestState | null;
  }
}

/** @throws Error for a request that did not come through `buildServer` */
export const stateOf = (request: FastifyRequest): RequestState => {
  const { kit } = request;
  if (!kit) throw new Error('the request did not come through buildServer');
  return kit;
};
