/** As much of OpenAPI 3.0 as the generator handles. */
export type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  enum?: unknown[];
  example?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  minItems?: number;
  minLength?: number;
  pattern?: string;
  [extension: `x-${string}`]: unknown;
};

export type MediaType = { schema?: Schema; example?: unknown; examples?: Record<string, { value: unknown }> };
type Content = Record<string, MediaType>;
export type Response = { $ref?: string; description?: string; content?: Content };

type Parameter = { in: string; name: string; required?: boolean; schema?: Schema; description?: string };

export type DocumentOperation = {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, Response>;
  'x-service'?: string;
};

export type Document = {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers: { url: string }[];
  tags?: { name: string }[];
  paths: Record<string, Record<string, DocumentOperation>>;
  components: {
    schemas: Record<string, Schema>;
    responses?: Record<string, Response>;
    securitySchemes: Record<string, unknown>;
  };
};

const REFERENCE = '#/components/schemas/';

export const isErrorStatus = (status: string): boolean => Number(status) >= 400;

/** The schema that a reference names; itself, where it is none. */
export const resolve = (schema: Schema, schemas: Record<string, Schema>): Schema => {
  if (schema.$ref === undefined) return schema;
  const target = schemas[decodeURIComponent(schema.$ref.slice(REFERENCE.length))];
  if (target === undefined) throw new Error(`${schema.$ref} is not in the document`);
  return resolve(target, schemas);
};

/** The schemas right below one. */
export const partsOf = (schema: Schema): Schema[] => [
  ...Object.values(schema.properties ?? {}),
  ...(schema.items === undefined ? [] : [schema.items]),
  ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ...[schema.allOf, schema.anyOf, schema.oneOf].flatMap((parts) => parts ?? []),
];

/** Every schema below one, through references, each once. */
export const reachable = (schema: Schema, schemas: Record<string, Schema>, seen = new Set<Schema>()): Set<Schema> => {
  const target = resolve(schema, schemas);
  if (seen.has(target)) return seen;
  seen.add(target);
  for (const part of partsOf(target)) reachable(part, schemas, seen);
  return seen;
};

export const operationsOf = (document: Document): { path: string; method: string; operation: DocumentOperation }[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

export const bodySchemasOf = (operation: DocumentOperation): Schema[] =>
  Object.values(operation.requestBody?.content ?? {}).flatMap(({ schema }) => (schema === undefined ? [] : [schema]));

export const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
