import fc from 'fast-check';
import { isValid } from './contract.ts';
import type { Schema } from './document.ts';

/** Values that make sense, by the name of the field: random ids alone would never get past a 404. */
export type KnownValues = Readonly<Record<string, readonly unknown[]>>;

const MAX_TEXT = 200;
const MAX_ITEMS = 5;
const DAY = 86_400_000;

/** Values that a schema allows. */
export const arbitraryOf = (schema: Schema, known: KnownValues = {}, name = ''): fc.Arbitrary<unknown> => {
  const anything = anyOf(schema, known, name);
  const values = known[name] ?? [];
  if (values.length === 0) return anything;
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: anything });
};

const anyOf = (schema: Schema, known: KnownValues, name: string): fc.Arbitrary<unknown> => {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((part) => arbitraryOf(part, known, name)));
  switch (schema.type) {
    case 'string':
      return strings(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -(2 ** 31), max: schema.maximum ?? 2 ** 31 - 1 });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return arrays(schema, known, name);
    default:
      return objects(schema, known);
  }
};

const arrays = (schema: Schema, known: KnownValues, name: string): fc.Arbitrary<unknown> => {
  const item = arbitraryOf(schema.items ?? {}, known, singular(name));
  const minLength = schema.minItems ?? 0;
  const size = { minLength, maxLength: Math.min(schema.maxItems ?? MAX_ITEMS, Math.max(MAX_ITEMS, minLength)) };
  return schema.uniqueItems ? fc.uniqueArray(item, { ...size, selector: identity }) : fc.array(item, size);
};

const objects = (schema: Schema, known: KnownValues): fc.Arbitrary<unknown> => {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, part] of Object.entries(schema.properties ?? {})) fields[name] = arbitraryOf(part, known, name);
  return fc.record(fields, { requiredKeys: schema.required ?? [] });
};

/** UUIDs that differ in case only are the same. */
const identity = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : JSON.stringify(value));

const singular = (name: string): string => name.replace(/s$/, '');

const strings = (schema: Schema): fc.Arbitrary<unknown> => {
  const { format, pattern, minLength = 0, maxLength = MAX_TEXT } = schema;
  if (format === 'uuid') return fc.uuid();
  if (format === 'email') return fc.emailAddress().filter((email) => isValid(schema, email));
  if (format === 'date-time') {
    return fc.integer({ min: 0, max: 40_000 }).map((day) => new Date(day * DAY).toISOString());
  }
  if (pattern?.startsWith('^')) {
    return fc.stringMatching(new RegExp(pattern)).filter((text) => isValid(schema, text));
  }
  // Every character there is, but those that no text may hold.
  const text = fc.string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, Math.max(minLength, MAX_TEXT)) });
  return text.filter((value) => !value.includes('\0') && isValid(schema, value));
};

/** One value that a schema allows, always the same. */
export const sampleOf = (schema: Schema): unknown => fc.sample(arbitraryOf(schema), { numRuns: 1, seed: 42 })[0];
