import type { FastifyRequest } from 'fastify';
import { problem } from './problems.ts';
import { stateOf } from './state.ts';

/** Status of this one answer, instead of the operation's first: the operation must declare it. */
export const setStatus = (request: FastifyRequest, status: number): void => {
  stateOf(request).status = status;
};

export const setHeader = (request: FastifyRequest, name: string, value: string): void => {
  stateOf(request).reply.header(name, value);
};

const entityTag = (version: string | number): string => `"${version}"`;

/** Gives the answer the `ETag` that an edit has to bring back. */
export const setEtag = (request: FastifyRequest, version: string | number): void =>
  setHeader(request, 'etag', entityTag(version));

/** A resource as the answer, with its version as the `ETag`. */
export const withEtag = <T extends { version: number }>(request: FastifyRequest, resource: T): T => {
  setEtag(request, resource.version);
  return resource;
};

/**
 * Lets an edit pass only if its `If-Match` names the version the resource has now. Call it on the row that the transaction
 * has locked, or two edits can both pass.
 * @throws ProblemError precondition_required without the header, precondition_failed when it names another version
 */
export const requireIfMatch = (request: FastifyRequest, version: string | number): void => {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '') throw problem('precondition_required');
  const tags = header.split(',').map((tag) => tag.trim());
  // If-Match compares strongly (RFC 9110, 13.1.1): a weak tag never matches.
  if (!tags.includes('*') && !tags.includes(entityTag(version))) throw problem('precondition_failed');
};
