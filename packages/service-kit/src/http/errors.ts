import type { ProblemCode } from '@smartserver/contracts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isError } from '../is-error.ts';
import type { Logger } from '../logger.ts';
import { PROBLEM_CONTENT_TYPE, ProblemError, problem, toProblem } from './problems.ts';
import { isUnavailable } from './unavailable.ts';
import { validationProblem } from './validation-problem.ts';

/** Seconds. A database is back within one second after a crash, within about ten after a failover. */
const RETRY_AFTER_SECONDS = '2';

const FRAMEWORK_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
  FST_ERR_NOT_FOUND: 'not_found',
  FST_ERR_HANDLER_TIMEOUT: 'unavailable',
};

const STATUS_CODES: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  403: 'scope_missing',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

const retryLater = (cause: unknown) => problem('unavailable', { log: 'dependency unavailable', cause });

/** The problem that a thrown value is rendered as. An unexpected error is `internal`, without details. */
const problemOf = (error: unknown): ProblemError => {
  if (error instanceof ProblemError) return error;
  if (!isError(error)) return problem('internal', { log: 'thrown value is not an Error' });
  const { validation, validationContext, code, statusCode } = error as unknown as FastifyError;
  if (validation !== undefined) {
    return validationProblem(validation, validationContext);
  }
  const known = FRAMEWORK_CODES[code] ?? (statusCode === undefined ? undefined : STATUS_CODES[statusCode]);
  if (known === 'unavailable') return retryLater(error);
  if (known !== undefined) return problem(known, { cause: error });
  // Anything else that the framework and its parsers refuse: invalid JSON, a body shorter than Content-Length, a bad URL.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return problem('malformed_request', { cause: error });
  return isUnavailable(error) ? retryLater(error) : problem('internal', { cause: error });
};

/** The one place that renders errors. */
export const createErrorHandler =
  (logger: Logger) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const found = problemOf(error);
    log(logger, found, request);
    return sendProblem(found, request, reply);
  };

const sendProblem = (found: ProblemError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  reply.code(found.status).header('content-type', PROBLEM_CONTENT_TYPE);
  // A 401 must name a way to authenticate (RFC 9110, 15.5.2).
  if (found.status === 401) reply.header('www-authenticate', 'Bearer');
  if (found.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  for (const [name, value] of Object.entries(found.headers ?? {})) reply.header(name, value);
  // A string: Fastify sends it as it is, whatever schema the operation has for its answers.
  return reply.send(JSON.stringify(toProblem(found, request.id)));
};

const log = (logger: Logger, found: ProblemError, request: FastifyRequest): void => {
  const operationId = request.kit?.operation?.operationId;
  const entry = { requestId: request.id, operationId, code: found.code };
  if (found.status === 503) logger.warn({ ...entry, err: found.cause ?? found }, found.message);
  else if (found.status >= 500) logger.error({ ...entry, err: found.cause ?? found }, 'request failed');
  else if (logger.isLevelEnabled('debug')) logger.debug(entry, found.message);
};
