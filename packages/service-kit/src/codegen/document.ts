import { PROBLEM_CONTENT_TYPE } from '../http/problems.ts';
import { addCommonErrors } from './common-errors.ts';
import { addExamples } from './examples.ts';
import {
  bodySchemasOf,
  type Document,
  type DocumentOperation,
  isErrorStatus,
  operationsOf,
  partsOf,
  reachable,
  resolve,
  type Schema,
  sorted,
} from './schema.ts';

/** Makes tsoa's document the contract: strict bodies, problems, common errors, plain nullables, summaries, examples. */
export const finish = (spec: unknown): Document => {
  const { info, paths, components } = spec as Document;
  const { schemas, securitySchemes } = components;
  const document: Document = {
    openapi: '3.0.3',
    info,
    servers: [{ url: '/' }],
    // tsoa's order is that of the file system: not the same everywhere.
    paths: sorted(Object.fromEntries(Object.entries(paths).map(([path, methods]) => [path, sorted(methods)]))),
    components: { schemas: sorted(schemas), responses: {}, securitySchemes },
  };
  for (const { method, operation } of operationsOf(document)) {
    summarize(operation);
    if (method === 'post') addIdempotencyKey(operation);
    for (const response of Object.values(operation.responses)) {
      // tsoa's word for a 200 that a route does not describe.
      if (response.description === 'Ok') response.description = 'OK';
    }
    renderErrorsAsProblems(operation);
  }
  addCommonErrors(document);
  inlineNullables(document);
  refuseUnknownFields(document);
  addExamples(document);
  return document;
};

/** The first sentence of the comment is the summary, the rest the description. */
const summarize = (operation: DocumentOperation): void => {
  const text = operation.description?.replace(/\s+/g, ' ').trim() ?? '';
  if (operation.summary !== undefined || text === '') return;
  const [, first = text, rest = ''] = /^(.*?[.!?])(?:\s+(.*))?$/.exec(text) ?? [];
  operation.summary = first.replace(/\.$/, '');
  if (rest === '') delete operation.description;
  else operation.description = rest;
};

/** Every POST takes it: a request that is sent again has one effect [api.md]. */
const addIdempotencyKey = (operation: DocumentOperation): void => {
  const schema = { $ref: '#/components/schemas/IdempotencyKey' };
  operation.parameters = [
    ...(operation.parameters ?? []).filter(({ name }) => name !== 'Idempotency-Key'),
    { in: 'header', name: 'Idempotency-Key', required: false, schema },
  ];
};

const renderErrorsAsProblems = (operation: DocumentOperation): void => {
  for (const [status, response] of Object.entries(operation.responses)) {
    const media = response.content?.['application/json'];
    if (isErrorStatus(status) && media !== undefined) response.content = { [PROBLEM_CONTENT_TYPE]: media };
  }
};

const allSchemas = (document: Document): Set<Schema> => {
  const seen = new Set<Schema>();
  const add = (schema: Schema | undefined): void => {
    if (schema === undefined || seen.has(schema)) return;
    seen.add(schema);
    for (const part of partsOf(schema)) add(part);
  };
  for (const schema of Object.values(document.components.schemas)) add(schema);
  for (const { operation } of operationsOf(document)) {
    for (const schema of bodySchemasOf(operation)) add(schema);
    for (const parameter of operation.parameters ?? []) add(parameter.schema);
    for (const response of Object.values(operation.responses)) {
      for (const { schema } of Object.values(response.content ?? {})) add(schema);
    }
  }
  return seen;
};

/** tsoa writes `X | null` as `allOf` with `nullable` and without a type: by the specification that refuses null, and Ajv does not compile it. */
const inlineNullables = (document: Document): void => {
  for (const schema of allSchemas(document)) {
    const [only, ...others] = schema.allOf ?? [];
    if (schema.nullable !== true || only === undefined || others.length > 0) continue;
    const target = structuredClone(resolve(only, document.components.schemas));
    delete schema.allOf;
    Object.assign(schema, target, { nullable: true });
    if (schema.enum !== undefined && !schema.enum.includes(null)) schema.enum.push(null);
  }
};

/**
 * Unknown fields are refused in requests: a mistake, or a newer contract. They are allowed in answers, so that old clients accept
 * new fields.
 */
const refuseUnknownFields = (document: Document): void => {
  for (const { operation } of operationsOf(document)) {
    for (const body of bodySchemasOf(operation)) {
      for (const schema of reachable(body, document.components.schemas)) {
        if (schema.allOf !== undefined) {
          throw new Error(`${operation.operationId}: write the type of the body out, an intersection cannot be strict`);
        }
        if (schema.properties !== undefined && schema.additionalProperties === undefined) {
          schema.additionalProperties = false;
        }
      }
    }
  }
};
