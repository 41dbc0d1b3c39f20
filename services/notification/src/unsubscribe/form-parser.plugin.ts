import { problem } from '@smartserver/service-kit';
import type { FastifyInstance } from 'fastify';

/**
 * What mail programs send with one click is a form of either kind (RFC 8058, section 3.2), and it says nothing: taken, and not read.
 * Operations that do read a body refuse forms.
 */
export const registerFormParser = (app: FastifyInstance): void => {
  app.addContentTypeParser(
    ['application/x-www-form-urlencoded', 'multipart/form-data'],
    { parseAs: 'buffer', bodyLimit: 64 * 1_024 },
    (request, _body, done) => {
      if (request.routeOptions.schema?.body === undefined) done(null, undefined);
      else done(problem('unsupported_media_type', { detail: 'Send application/json.' }));
    },
  );
};
