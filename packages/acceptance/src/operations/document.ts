import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** JSON Schema as far as the documents use it, references resolved and `nullable` written as a union with null. */
export type Schema = {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'null';
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  allOf?: Schema[];
  anyOf?: Schema[];
};

export type Parameter = { in: 'path' | 'query' | 'header'; name: string; required: boolean; schema: Schema };

/** One operation as the document describes it. */
export type DocumentedOperation = {
  operationId: string;
  /** Upper case. */
  method: string;
  /** As in the document: `/v1/customers/{customerId}`. */
  path: string;
  /** What the token must allow; null: public. */
  scopes: readonly string[] | null;
  parameters: Parameter[];
  body: { mediaType: string; schema: Schema } | null;
  /** Schema of each answer below 400; null where it has no body, or none that is JSON. */
  answers: ReadonlyMap<number, Schema | null>;
  /** Codes of the catalogue by status, as the description of each error answer lists them. */
  problems: ReadonlyMap<number, readonly string[]>;
};

type Content = Record<string, { schema: RawSchema }>;
type RawSchema = Record<string, unknown>;
type RawResponse = { description: string; content?: Content };
type RawOperation = {
  operationId: string;
  security?: Record<string, string[]>[];
  parameters?: { in: Parameter['in']; name: string; required?: boolean; schema: RawSchema }[];
  requestBody?: { content: Content };
  responses: Record<string, RawResponse | { $ref: string }>;
};
export type OpenApiDocument = {
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, RawSchema>; responses?: Record<string, RawResponse> };
};

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];
const NOT_CHECKED = new Set(['example', 'examples', 'description', 'title', 'default', 'deprecated', 'discriminator']);

/** A document of the folder `openapi/`, by its name without `.json`. */
export const readDocument = (name: string): OpenApiDocument =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../openapi', `${name}.json`), 'utf8'));

/** Every operation of a document. */
export const operationsOf = (document: OpenApiDocument): DocumentedOperation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => describe(document, path, method, operation)),
  );

const describe = (
  document: OpenApiDocument,
  path: string,
  method: string,
  operation: RawOperation,
): DocumentedOperation => {
  const plain = (schema: RawSchema) => resolveSchema(schema, document.components?.schemas ?? {});
  const [body] = Object.entries(operation.requestBody?.content ?? {});
  const responses = Object.entries(operation.responses).map(
    ([status, response]) => [status, resolveResponse(document, response)] as const,
  );
  const answers = responses
    .filter(([status]) => Number(status) < 400)
    .map(([status, { content }]) => {
      const schema = content?.['application/json']?.schema;
      return [Number(status), schema === undefined ? null : plain(schema)] as const;
    });
  const problems = responses
    .filter(([status]) => Number(status) >= 400)
    .map(([status, { description }]) => [Number(status), description.split(/,\s*/)] as const);
  const [security] = operation.security ?? [];
  return {
    operationId: operation.operationId,
    method: method.toUpperCase(),
    path,
    scopes: security === undefined ? null : Object.values(security).flat(),
    parameters: (operation.parameters ?? []).map((parameter) => ({
      in: parameter.in,
      name: parameter.name,
      required: parameter.required ?? false,
      schema: plain(parameter.schema),
    })),
    body: body === undefined ? null : { mediaType: body[0], schema: plain(body[1].schema) },
    answers: new Map(answers),
    problems: new Map(problems),
  };
};

const resolveResponse = (document: OpenApiDocument, response: RawResponse | { $ref: string }): RawResponse => {
  if (!('$ref' in response)) return response;
  const name = response.$ref.slice(response.$ref.lastIndexOf('/') + 1);
  const target = document.components?.responses?.[name];
  if (target === undefined) throw new Error(`The document has no response ${name}.`);
  return target;
};

const resolveSchema = (schema: RawSchema, components: Record<string, RawSchema>): Schema => {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    const target = components[name];
    if (target === undefined) throw new Error(`The document has no schema ${name}.`);
    return resolveSchema(target, components);
  }
  const { nullable, ...rest } = schema;
  const resolved = Object.fromEntries(
    Object.entries(rest)
      .filter(([keyword]) => !NOT_CHECKED.has(keyword) && !keyword.startsWith('x-'))
      .map(([keyword, value]) => [keyword, resolvePart(keyword, value, components)]),
  ) as Schema;
  return nullable === true ? { anyOf: [withoutNull(resolved), { type: 'null' }] } : merged(resolved);
};

const resolvePart = (keyword: string, value: unknown, components: Record<string, RawSchema>): unknown => {
  if (keyword === 'properties') {
    return Object.fromEntries(
      Object.entries(value as Record<string, RawSchema>).map(([name, part]) => [name, resolveSchema(part, components)]),
    );
  }
  if (Array.isArray(value) && ['allOf', 'anyOf', 'oneOf'].includes(keyword)) {
    return value.map((part: RawSchema) => resolveSchema(part, components));
  }
  const isSchema = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isSchema ? resolveSchema(value as RawSchema, components) : value;
};

const withoutNull = (schema: Schema): Schema => {
  const plain = merged(schema);
  return plain.enum === undefined ? plain : { ...plain, enum: plain.enum.filter((value) => value !== null) };
};

/** One schema of an intersection: parts of objects are put together, so that each part does not refuse the others' fields. */
const merged = (schema: Schema): Schema => {
  const { allOf, ...rest } = schema;
  if (allOf === undefined) return schema;
  const parts = allOf.map(merged);
  const whole: Schema = Object.assign({}, rest, ...parts);
  if (parts.some((part) => part.properties)) {
    whole.properties = Object.assign({}, ...parts.map((part) => part.properties ?? {}));
    whole.required = parts.flatMap((part) => part.required ?? []);
  }
  return whole;
};
