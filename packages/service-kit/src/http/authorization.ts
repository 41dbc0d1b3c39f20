import type { Actor } from '@smartserver/contracts';
import type { FastifyRequest } from 'fastify';
import type { Operation } from './operation.ts';
import { problem } from './problems.ts';
import { stateOf } from './state.ts';
import type { TokenVerifier } from './token-verifier.ts';

const requireScopes = (actor: Actor, scopes: readonly string[]): void => {
  for (const scope of scopes) {
    if (!(actor.scopes as readonly string[]).includes(scope)) {
      throw problem('scope_missing', {
        detail: `This needs the scope ${scope}.`,
        headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"` },
      });
    }
  }
};

/**
 * The actor of the request's bearer token.
 * @param scopes what the token must allow
 * @throws ProblemError unauthenticated, scope_missing; unavailable, when the keys cannot be had
 */
export const actorOf = async (
  request: FastifyRequest,
  scopes: readonly string[],
  verifier: TokenVerifier,
): Promise<Actor> => {
  const actor = await verifier.verify(request);
  requireScopes(actor, scopes);
  return actor;
};

/** Runs before the body is read, so that unauthenticated requests are cheap. A public operation reads no token. */
export const authorize =
  (operation: Operation, verifier: TokenVerifier) =>
  async (request: FastifyRequest): Promise<void> => {
    const state = stateOf(request);
    state.operation = operation;
    if (operation.scopes === null) return;
    state.actor = await actorOf(request, operation.scopes, verifier);
  };
