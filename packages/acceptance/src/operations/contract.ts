import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { Schema } from './document.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** The tests' own reading of the contract, independent of the services': what they accept and answer is compared with it. */
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
ajvFormats.default(ajv, ['email', 'int32', 'int64', 'double', 'float']);
ajv.addFormat('uuid', UUID);
ajv.addFormat('date-time', (text: string) => INSTANT.test(text) && !Number.isNaN(Date.parse(text)));

const compiled = new WeakMap<Schema, ValidateFunction>();

const validatorOf = (schema: Schema): ValidateFunction => {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
};

export const isValid = (schema: Schema, value: unknown): boolean => validatorOf(schema)(value);

/** What is wrong with a value, empty where nothing is. */
export const faultsOf = (schema: Schema, value: unknown): string[] => {
  const validate = validatorOf(schema);
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
};
