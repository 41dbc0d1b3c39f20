import { FormatError } from './errors.ts';

/** What one member must be; `expected` completes the sentence "… must be …". An optional one may be absent. */
export type Field = { check: (value: unknown) => boolean; expected: string; optional?: true };
export type Fields = Readonly<Record<string, Field>>;

/** Checks that a value is an object with exactly these members. @throws FormatError naming the member, never its value */
export function exactFields(value: unknown, where: string, fields: Fields): asserts value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FormatError(`The ${where} must be an object.`);
  }
  const members = value as Record<string, unknown>;
  let known = 0;
  for (const name in fields) {
    const field = fields[name] as Field;
    if (!Object.hasOwn(members, name) && field.optional) continue;
    if (!Object.hasOwn(members, name)) throw new FormatError(`The ${where} lacks "${name}".`);
    if (!field.check(members[name])) throw new FormatError(`In the ${where}, "${name}" must be ${field.expected}.`);
    known += 1;
  }
  // A member this version does not know might be one that restricts a license: never ignore it.
  if (Object.keys(members).length !== known) throw new FormatError(`The ${where} has an unknown member.`);
}

/** Exactly this value. */
export const literal = (wanted: string | number): Field => ({
  check: (value) => value === wanted,
  expected: JSON.stringify(wanted),
});

/** Text of 1 to `maxLength` UTF-16 units without control characters or lone surrogates. */
export const text = (maxLength: number): Field => ({
  check: (value) =>
    typeof value === 'string' && value.length > 0 && value.length <= maxLength && !/[\p{Cc}\p{Cs}]/u.test(value),
  expected: `text of 1 to ${maxLength} characters`,
});

/** Text that matches a pattern. */
const matching = (pattern: RegExp, expected: string): Field => ({
  check: (value) => typeof value === 'string' && pattern.test(value),
  expected,
});

/** Whole number within bounds, both included. */
export const wholeNumber = (minimum: number, maximum: number): Field => ({
  check: (value) => Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
  expected: `a whole number from ${minimum} to ${maximum}`,
});

/** Text as a person names a thing: as `text`, but counted in characters as people count them, and not blank. */
export const name = (maxLength: number): Field => ({
  check: (value) =>
    text(2 * maxLength).check(value) && [...String(value)].length <= maxLength && String(value).trim() !== '',
  expected: `text of 1 to ${maxLength} characters, not all blank`,
});

/** A list of distinct values of one kind, at least one and at most `maxItems`. */
export const listOf = (item: Field, maxItems: number): Field => ({
  check: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= maxItems &&
    value.every(item.check) &&
    new Set(value).size === value.length,
  expected: `a list of 1 to ${maxItems}, none twice, each ${item.expected}`,
});

/** An install code as printed on the label, in upper case. */
export const installCode = matching(/^[A-Z0-9-]{8,64}$/, '8 to 64 capital letters, digits and hyphens');

/** The serial of a controller's license document. */
export const serial = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/** A UUID in lower case. */
export const uuid = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'a UUID in lower case');

/** A public key; what it holds is for `readJwk` to check. */
export const jwk: Field = { check: (value) => typeof value === 'object', expected: 'a public key' };

/** A `kid`: an RFC 7638 thumbprint in base64url. */
export const keyThumbprint = matching(/^[A-Za-z0-9_-]{43}$/, 'a key thumbprint in base64url');

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/** An instant: RFC 3339, UTC with `Z`, at most milliseconds, a day that exists. */
export const instant: Field = {
  check: (value) => {
    if (typeof value !== 'string' || !instantPattern.test(value)) return false;
    const time = Date.parse(value);
    // Date.parse turns 30 February into 2 March and 24:00 into the next day.
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value.slice(0, 10));
  },
  expected: 'an RFC 3339 instant in UTC, such as 2026-01-31T08:00:00.000Z',
};
