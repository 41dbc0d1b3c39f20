import type { RouteOptions } from 'fastify';

/** Keywords of our own, put on what the document calls a UUID: PostgreSQL answers in lower case, so we compare in lower case. */
export const CANONICAL_UUID = 'x-canonical-uuid';
/** On the array, because `uniqueItems` is checked before the items are. */
export const CANONICAL_UUIDS = 'x-canonical-uuids';

type Schema = { [keyword: string]: unknown };
type Content = { content: Record<string, { schema: Schema }> };

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

const markUuids = (schema: unknown, seen = new Set<unknown>()): void => {
  if (!isObject(schema) || seen.has(schema)) return;
  seen.add(schema);
  if (schema.type === 'string' && schema.format === 'uuid') schema[CANONICAL_UUID] = true;
  if (schema.type === 'array' && isObject(schema.items) && schema.items.format === 'uuid')
    schema[CANONICAL_UUIDS] = true;
  for (const part of Object.values(schema)) markUuids(part, seen);
};

/**
 * Makes what fastify-openapi-glue read from the document into what this server enforces. Returns the media types that the
 * operation takes.
 *
 * A body schema by media type is not used: Fastify would not validate a body of another media type, or of none.
 * Unknown query parameters are refused like unknown fields.
 */
export const enforceableSchema = (route: RouteOptions): string[] => {
  const schema = (route.schema ?? {}) as {
    body?: Content | Schema;
    querystring?: Schema;
    params?: Schema;
    headers?: Schema;
  };
  route.schema = schema;
  let consumes: string[] = [];
  if (schema.body !== undefined && isObject(schema.body.content)) {
    const entries = Object.entries((schema.body as Content).content);
    consumes = entries.map(([type]) => type);
    const [first, ...others] = entries;
    if (first === undefined || others.length > 0) throw new Error(`${route.url} must take exactly one media type`);
    schema.body = first[1].schema;
  }
  // Fastify would do it, but not for an object that structuredClone made in another realm, as under Jest.
  if (schema.headers !== undefined) schema.headers = lowerCaseNames(schema.headers);
  schema.querystring = { type: 'object', properties: {}, ...schema.querystring, additionalProperties: false };
  for (const part of [schema.body, schema.querystring, schema.params]) markUuids(part);
  return consumes;
};

const lowerCaseNames = (schema: Schema): Schema => ({
  ...schema,
  ...(Array.isArray(schema.required) ? { required: schema.required.map((name) => String(name).toLowerCase()) } : {}),
  properties: Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [name.toLowerCase(), property]),
  ),
});

/**
 * The document without what only its readers need: schemas of error answers, which one place renders, and of answers that are not
 * JSON. Fastify would compile a serializer for each.
 */
export const runtimeDocument = (spec: object): object => {
  const document = structuredClone(spec) as {
    paths?: Record<string, Record<string, { responses?: Record<string, { content?: object }> }>>;
  };
  for (const path of Object.values(document.paths ?? {})) {
    for (const { responses = {} } of Object.values(path)) {
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) >= 400) delete responses[status];
        else if (!('application/json' in (response.content ?? {}))) delete response.content;
      }
    }
  }
  return document;
};
