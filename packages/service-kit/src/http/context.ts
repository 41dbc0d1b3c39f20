import { createHash } from 'node:crypto';
import type { Actor } from '@smartserver/contracts';
import type { FastifyRequest } from 'fastify';
import { problem } from './problems.ts';
import { stateOf } from './state.ts';

/** Who asks, and the ids by which the request is recognised. */
export type RequestContext = {
  actor: Actor;
  requestId: string;
  /** W3C trace context of this request. */
  traceparent: string | null;
  /** Null where the request carries no Idempotency-Key. */
  idempotency: { key: string; scope: string; fingerprint: string } | null;
};

export type AnonymousContext = Omit<RequestContext, 'actor'> & { actor: null };

/** @throws ProblemError unauthenticated, in a public operation: it has no actor */
export const contextOf = (request: FastifyRequest): RequestContext => {
  const { actor, traceparent } = stateOf(request);
  if (actor === null) throw problem('unauthenticated');
  return { actor, requestId: request.id, traceparent, idempotency: idempotencyOf(request, idempotencyScope(actor)) };
};

/**
 * Context of a public operation. Its idempotency scope is the address, so two callers share a key only if they also share
 * that. Never keep the result of a sign-in under a key: the stored row would be a second credential.
 */
export const anonymousContextOf = (request: FastifyRequest): AnonymousContext => ({
  actor: null,
  requestId: request.id,
  traceparent: stateOf(request).traceparent,
  idempotency: idempotencyOf(request, `anonymous:${digest(`${request.method} ${request.url}`)}`),
});

/** Keys are per caller: the same key of another caller is another key [guarantees.md 5]. A controller's keys outlive its sessions. */
const idempotencyScope = (actor: Actor): string =>
  actor.kind === 'cms' ? `cms:${actor.customerId}:${actor.installCode}` : `${actor.kind}:${actor.id}`;

const idempotencyOf = (request: FastifyRequest, scope: string): RequestContext['idempotency'] => {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return null;
  return { key, scope, fingerprint: digest(`${request.method} ${request.url}\n${stableJson(request.body)}`) };
};

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** The same text for bodies that differ only in the order of their fields. */
const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  ) ?? '';
