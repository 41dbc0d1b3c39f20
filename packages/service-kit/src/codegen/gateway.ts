import { commonResponses } from './common-errors.ts';
import { type Document, operationsOf, type Schema, sorted } from './schema.ts';

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
    components: { schemas: {}, responses: commonResponses(), securitySchemes: {} },
  };
  for (const { service, document } of services) {
    mergeSchemas(composed.components.schemas, document.components.schemas, service);
    Object.assign(composed.components.securitySchemes, document.components.securitySchemes);
    mergePaths(composed, structuredClone(document), service);
  }
  const tags = operationsOf(composed).flatMap(({ operation }) => operation.tags ?? []);
  composed.tags = [...new Set(tags)].sort().map((name) => ({ name }));
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
