import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ProblemError, problem } from './problems.ts';
import { mayHoldUnfitText, unfitPlaces } from './unfit-text.ts';

/** JSON only, unless a service registers another parser; refuses text that the database could not hold. */
export const registerJsonParser = (app: FastifyInstance): void => {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    // Many clients always send a content type, even without a body.
    if (text === '' && request.routeOptions.schema?.body === undefined) return done(null, undefined);
    parseJson(request, text, (error: Error | null, body?: unknown) => {
      const places = error === null && mayHoldUnfitText(text) ? unfitPlaces(body, '') : [];
      if (places.length > 0) done(problem('validation_failed', { errors: places }));
      else done(error, body);
    });
  });
};

const essence = (contentType: string): string => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();

/**
 * Runs between parsing and validation. The media type must be the operation's own: a service may have parsers for others.
 * @param consumes media types of the operation's body, empty where it takes none
 */
export const checkInput =
  (consumes: readonly string[]) =>
  (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    done(faultOf(request, consumes));
  };

const faultOf = (request: FastifyRequest, consumes: readonly string[]): ProblemError | undefined => {
  const contentType = request.headers['content-type'];
  const type = contentType === undefined ? undefined : essence(contentType);
  if (request.body !== undefined && type !== undefined && consumes.length > 0 && !consumes.includes(type)) {
    return problem('unsupported_media_type', { detail: `Send ${consumes.join(' or ')}.` });
  }
  // JSON was checked when it was parsed.
  const places = type === 'application/json' || request.body === undefined ? [] : unfitPlaces(request.body, '');
  if (request.url.includes('%00')) {
    places.push(...unfitPlaces(request.params, 'path'), ...unfitPlaces(request.query, 'query'));
  }
  return places.length > 0 ? problem('validation_failed', { errors: places }) : undefined;
};
