import type { FastifyReply, FastifyRequest } from 'fastify';

/** A service behind the gateway, over HTTP or in the same process. */
export type Upstream = {
  /** How the request's body must arrive: read whole by the gateway, or left on the wire. */
  body: 'whole' | 'untouched';
  /** Answers the request. @throws ProblemError unavailable */
  forward(request: FastifyRequest, reply: FastifyReply): void;
  /** @throws Error when the service is not ready */
  check(): Promise<void>;
  close(): Promise<void>;
};
