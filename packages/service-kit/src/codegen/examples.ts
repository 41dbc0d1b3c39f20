import {
  bodySchemasOf,
  type Document,
  isErrorStatus,
  type MediaType,
  operationsOf,
  resolve,
  type Schema,
} from './schema.ts';

const FORMATS: Readonly<Record<string, string>> = {
  uuid: '2133c667-af41-4518-94df-a2bb3b775330',
  'date-time': '2026-03-01T12:00:00Z',
  email: 'integrator@example.com',
};

/** An example made from the schema: its own `@example`s, else the simplest value that it allows. */
const exampleOf = (schema: Schema, schemas: Record<string, Schema>, name = ''): unknown => {
  const target = resolve(schema, schemas);
  if (target.example !== undefined) return target.example;
  if (target.enum !== undefined) return target.enum[0];
  const [first] = target.anyOf ?? target.oneOf ?? [];
  if (first !== undefined) return exampleOf(first, schemas, name);
  if (target.allOf !== undefined)
    return Object.assign({}, ...target.allOf.map((part) => exampleOf(part, schemas, name)));
  switch (target.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(target.properties ?? {})
          .filter(([field]) => target.required?.includes(field))
          .map(([field, part]) => [field, exampleOf(part, schemas, field)]),
      );
    case 'array': {
      const item = target.items === undefined ? null : exampleOf(target.items, schemas, name);
      return Array.from({ length: Math.max(1, target.minItems ?? 1) }, () => item);
    }
    case 'integer':
    case 'number':
      return target.minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return FORMATS[target.format ?? ''] ?? (target.nullable === true ? null : textLike(name, target.minLength));
    default:
      return null;
  }
};

const textLike = (name: string, minLength = 1): string => (name === '' ? 'text' : name).padEnd(minLength, '-');

/** Each operation that takes or answers a body shows one; what a route gives with `@Example` is kept. */
export const addExamples = (document: Document): void => {
  const { schemas } = document.components;
  const fill = (media: MediaType): void => {
    if (media.schema === undefined || media.example !== undefined || media.examples !== undefined) return;
    media.example = exampleOf(media.schema, schemas);
  };
  for (const { operation } of operationsOf(document)) {
    if (bodySchemasOf(operation).length > 0) Object.values(operation.requestBody?.content ?? {}).forEach(fill);
    for (const [status, response] of Object.entries(operation.responses)) {
      if (!isErrorStatus(status)) Object.values(response.content ?? {}).forEach(fill);
    }
  }
};
