import type { ProblemItem } from '@smartserver/contracts';
import type { FastifySchemaValidationError } from 'fastify';
import { type ProblemError, problem } from './problems.ts';
import { escapePointer } from './unfit-text.ts';

type Place = 'body' | 'querystring' | 'params' | 'headers';

/** Bounds the answer: the caller decides how many faults there are. */
const MAX_ITEMS = 20;

const list = (values: unknown): string =>
  Array.isArray(values) ? values.map((v) => JSON.stringify(v)).join(', ') : '';

/** What is wrong, in words that depend on the contract only, never on the value. */
const explain: Record<string, (params: Record<string, unknown>) => [code: string, detail: string]> = {
  required: () => ['required', 'is required'],
  additionalProperties: () => ['unknown_field', 'is not known here'],
  type: ({ type }) => ['wrong_type', `must be ${Array.isArray(type) ? type.join(' or ') : type}`],
  enum: ({ allowedValues }) => ['not_allowed', `must be one of ${list(allowedValues)}`],
  const: ({ allowedValue }) => ['not_allowed', `must be ${JSON.stringify(allowedValue)}`],
  format: ({ format }) => ['wrong_format', `must have the format ${format}`],
  pattern: ({ pattern }) => ['wrong_format', `must match ${pattern}`],
  minLength: ({ limit }) => ['too_short', `must have at least ${limit} characters`],
  maxLength: ({ limit }) => ['too_long', `must have at most ${limit} characters`],
  minItems: ({ limit }) => ['too_few', `must have at least ${limit} items`],
  maxItems: ({ limit }) => ['too_many', `must have at most ${limit} items`],
  uniqueItems: () => ['not_unique', 'must not hold the same item twice'],
  minimum: ({ limit }) => ['too_small', `must be at least ${limit}`],
  exclusiveMinimum: ({ limit }) => ['too_small', `must be more than ${limit}`],
  maximum: ({ limit }) => ['too_large', `must be at most ${limit}`],
  exclusiveMaximum: ({ limit }) => ['too_large', `must be less than ${limit}`],
  minProperties: ({ limit }) => ['too_few', `must have at least ${limit} fields`],
  maxProperties: ({ limit }) => ['too_many', `must have at most ${limit} fields`],
};

const named = (error: FastifySchemaValidationError): string => {
  const name = error.params.missingProperty ?? error.params.additionalProperty;
  return typeof name === 'string' ? `/${escapePointer(name)}` : '';
};

const pointerOf = (error: FastifySchemaValidationError, place: Place): string => {
  const path = `${error.instancePath}${named(error)}`;
  switch (place) {
    case 'body':
      return path;
    case 'params':
      return `path${path}`;
    case 'querystring':
      return `query${path}`;
    case 'headers':
      // Fastify lowers their case: named here as the contract names them, `Idempotency-Key`.
      return `header${path.replace(/(?<=^.|-)[a-z]/g, (letter) => letter.toUpperCase())}`;
  }
};

const isPlace = (text: string | undefined): text is Place =>
  text === 'body' || text === 'querystring' || text === 'params' || text === 'headers';

/** The problem that Ajv's errors amount to: each names a field, none its value. */
export const validationProblem = (
  errors: readonly FastifySchemaValidationError[],
  context: string | undefined,
): ProblemError => {
  const place = isPlace(context) ? context : 'body';
  const items = new Map<string, ProblemItem>();
  for (const error of errors) {
    const rule = explain[error.keyword];
    // Errors of anyOf and oneOf: those of their branches are more precise.
    if (rule === undefined && errors.length > 1) continue;
    const [code, detail] = rule?.(error.params) ?? ['not_allowed', 'is not as the contract says'];
    const pointer = pointerOf(error, place);
    if (items.size < MAX_ITEMS) items.set(`${pointer} ${detail}`, { pointer, code, detail });
  }
  return problem('validation_failed', { errors: [...items.values()] });
};
