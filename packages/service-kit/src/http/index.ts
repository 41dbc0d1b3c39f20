export { requireIfMatch, setEtag, setHeader, setStatus } from './answers.ts';
export { actorToClaims, claimsToActor } from './claims.ts';
export { type AnonymousContext, anonymousContextOf, contextOf, type RequestContext } from './context.ts';
export type { ArgumentSource, Operation } from './operation.ts';
export { type CursorKey, decodeCursor, toPage } from './paging.ts';
export { PROBLEM_CONTENT_TYPE, ProblemError, type ProblemOptions, problem, toProblem } from './problems.ts';
export { buildServer, type ServerOptions } from './server.ts';
export { actorReference, type Tenant, tenantOf } from './tenancy.ts';
export { createTokenVerifier, httpJwks, type TokenVerifier } from './token-verifier.ts';
