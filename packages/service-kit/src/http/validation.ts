import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { CANONICAL_UUID, CANONICAL_UUIDS } from './route-schema.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether JavaScript and PostgreSQL both take it: no leap second, no 30 February, no year 0. */
const isInstant = (text: string): boolean => {
  if (!INSTANT.test(text) || text.startsWith('0000') || Number.isNaN(Date.parse(text))) return false;
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
};

type Place = { parentData: Record<string, unknown> | undefined; parentDataProperty: string | number };

const lowerCase = (text: string, place?: Place): boolean => {
  if (place?.parentData) place.parentData[place.parentDataProperty] = text.toLowerCase();
  return true;
};

const lowerCaseItems = (items: unknown[]): boolean => {
  for (const [at, item] of items.entries()) if (typeof item === 'string') items[at] = item.toLowerCase();
  return true;
};

/**
 * @param coerceTypes for what arrives as text: path, query and header. A body says its types itself: `"3"` is no number.
 */
export const createAjv = (coerceTypes: false | 'array'): Ajv => {
  const ajv = new Ajv({
    coerceTypes,
    useDefaults: true,
    // It would strip instead of refusing, and misbehaves with anyOf.
    removeAdditional: false,
    // One error is enough to refuse; looking for all of them is work that a hostile body could multiply.
    allErrors: false,
    // An unknown keyword or format must stop the start; it would be ignored otherwise.
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
  });
  ajvFormats.default(ajv, ['email', 'uri', 'date', 'int32', 'int64', 'float', 'double']);
  // The library's own ones take `urn:uuid:`, blanks between date and time, and second 60: PostgreSQL and Date do not.
  ajv.addFormat('uuid', UUID);
  ajv.addFormat('date-time', isInstant);
  for (const keyword of ['example', 'xml', 'externalDocs']) ajv.addKeyword(keyword);
  const modifying = { schema: false, modifying: true, errors: false } as const;
  ajv.addKeyword({ keyword: CANONICAL_UUID, type: 'string', validate: lowerCase, ...modifying });
  ajv.addKeyword({
    keyword: CANONICAL_UUIDS,
    type: 'array',
    before: 'uniqueItems',
    validate: lowerCaseItems,
    ...modifying,
  });
  return ajv;
};

type Compiled = ValidateFunction & { errors?: ErrorObject[] | null };

/** Ajv reads `Infinity` and `1e400` as a number, which then passes every bound: refused here. */
const onlyFinite = (validate: ValidateFunction): Compiled => {
  const check = ((data: Record<string, unknown>): boolean => {
    check.errors = null;
    if (!validate(data)) {
      check.errors = validate.errors ?? null;
      return false;
    }
    for (const name in data) {
      if (typeof data[name] !== 'number' || Number.isFinite(data[name])) continue;
      const params = { type: 'number' };
      check.errors = [{ instancePath: `/${name}`, schemaPath: '', keyword: 'type', params, message: 'must be number' }];
      return false;
    }
    return true;
  }) as Compiled;
  return check;
};

/** Fastify's validator compiler: bodies strictly, everything else with coercion [architecture.md decision 1]. */
export const validatorCompiler = () => {
  const strict = createAjv(false);
  const coercing = createAjv('array');
  return ({ schema, httpPart }: { schema: unknown; httpPart?: string }): Compiled =>
    httpPart === 'body' ? strict.compile(schema as object) : onlyFinite(coercing.compile(schema as object));
};
