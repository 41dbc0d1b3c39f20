import { PROBLEMS, type ProblemCode } from '@smartserver/contracts';
import { PROBLEM_CONTENT_TYPE } from '../http/problems.ts';
import { codesIn, hasHeader } from './faults.ts';
import { type Document, type DocumentOperation, operationsOf, type Response, type Schema, sorted } from './schema.ts';

/** The service that carries an operation out: the gateway routes by it. */
type ServiceDocument = { service: string; document: Document };

const INFO = {
  title: 'SmartServer License Management',
  version: '1.0.0',
  description:
    'Licensing of EnOcean SmartServer IoT edge gateways. Errors are RFC 9457 problems whose `code` is in the catalogue. ' +
    'Every answer carries `X-Request-Id` and `traceparent`; a list goes on at `?cursor=` its `nextCursor`.',
};

/** One document of all services, as the gateway serves it. Two different schemas of one name are refused. */
export const composeGateway = (services: readonly ServiceDocument[]): Document => {
  const composed: Document = {
    openapi: '3.0.3',
    info: INFO,
    servers: [{ url: '/' }],
    tags: [],
    paths: {},
    components: { schemas: {}, responses: {}, securitySchemes: {} },
  };
  for (const { service, document } of services) {
    mergeSchemas(composed.components.schemas, document.components.schemas, service);
    Object.assign(composed.components.securitySchemes, document.components.securitySchemes);
    mergePaths(composed, structuredClone(document), service);
  }
  const tags = operationsOf(composed).flatMap(({ operation }) => operation.tags ?? []);
  composed.tags = [...new Set(tags)].sort().map((name) => ({ name }));
  addCommonErrors(composed);
  composed.paths = sorted(composed.paths);
  composed.components.schemas = sorted(composed.components.schemas);
  return composed;
};

const mergeSchemas = (into: Record<string, Schema>, schemas: Record<string, Schema>, service: string): void => {
  for (const [name, schema] of Object.entries(schemas)) {
    if (into[name] !== undefined && JSON.stringify(into[name]) !== JSON.stringify(schema)) {
      throw new Error(`${service} has a schema ${name} that differs from another service's: give it another name`);
    }
    into[name] = schema;
  }
};

const mergePaths = (into: Document, document: Document, service: string): void => {
  const ids = new Set(operationsOf(into).map(({ operation }) => operation.operationId));
  for (const { path, method, operation } of operationsOf(document)) {
    const methods = into.paths[path] ?? {};
    if (methods[method] !== undefined) throw new Error(`two services have ${method.toUpperCase()} ${path}`);
    if (ids.has(operation.operationId)) throw new Error(`two services have an operation ${operation.operationId}`);
    methods[method] = { 'x-service': service, ...operation };
    into.paths[path] = methods;
  }
};

type CommonError = { name: string; codes: ProblemCode[]; when: (operation: DocumentOperation) => boolean };

const isSignedIn = (operation: DocumentOperation): boolean => (operation.security?.length ?? 0) > 0;
const hasBody = (operation: DocumentOperation): boolean => operation.requestBody !== undefined;
const always = (): boolean => true;

/** What any operation of a kind can answer: said once here, so that controllers list only what is theirs. */
const COMMON_ERRORS: readonly CommonError[] = [
  { name: 'BadRequest', codes: ['validation_failed', 'malformed_request'], when: always },
  { name: 'Unauthenticated', codes: ['unauthenticated'], when: isSignedIn },
  { name: 'ScopeMissing', codes: ['scope_missing'], when: isSignedIn },
  { name: 'PreconditionFailed', codes: ['precondition_failed'], when: (o) => hasHeader(o, 'If-Match') },
  { name: 'PreconditionRequired', codes: ['precondition_required'], when: (o) => hasHeader(o, 'If-Match') },
  { name: 'PayloadTooLarge', codes: ['payload_too_large'], when: hasBody },
  { name: 'UnsupportedMediaType', codes: ['unsupported_media_type'], when: hasBody },
  { name: 'IdempotencyKeyReused', codes: ['idempotency_key_reused'], when: (o) => hasHeader(o, 'Idempotency-Key') },
  { name: 'RateLimited', codes: ['rate_limited'], when: always },
  { name: 'Unavailable', codes: ['unavailable'], when: always },
];

const statusOf = ({ codes }: CommonError): string => String(PROBLEMS[codes[0] as ProblemCode].status);

const PROBLEM_CONTENT = { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };

const responseOf = (codes: readonly string[]): Response => ({
  description: codes.join(', '),
  content: structuredClone(PROBLEM_CONTENT),
});

const addCommonErrors = (document: Document): void => {
  if (document.components.schemas.Problem === undefined) throw new Error('no operation has a @Response<Problem>');
  document.components.responses = Object.fromEntries(
    COMMON_ERRORS.map((error) => [error.name, responseOf(error.codes)]),
  );
  for (const { operation } of operationsOf(document)) {
    for (const error of COMMON_ERRORS.filter(({ when }) => when(operation))) {
      const own = operation.responses[statusOf(error)];
      operation.responses[statusOf(error)] =
        own === undefined
          ? { $ref: `#/components/responses/${error.name}` }
          : responseOf([...new Set([...codesIn(own.description), ...error.codes])]);
    }
    operation.responses = sorted(operation.responses);
  }
};
