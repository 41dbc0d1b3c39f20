import type { Schema } from './document.ts';

/** A number as JSON may spell it and JavaScript may not. */
class RawNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type BadValue = {
  name: string;
  value: unknown;
  /** No schema says so, but text may not hold it: refused all the same. */
  unfit?: boolean;
};

/** A number that nothing else in an answer looks like. */
export const CANARY_NUMBER = 918_273_645_546;

/**
 * Values to put where the schema's value belongs: wrong ones, borderline ones, and some that are right after all. The
 * caller asks the contract which are which. Texts hold the canary where they can.
 */
export const badValuesFor = (schema: Schema, canary: string): BadValue[] => [
  ...wrongTypes(canary),
  ...texts(schema, canary),
  ...numbers(schema),
];

const wrongTypes = (canary: string): BadValue[] => [
  { name: 'null', value: null },
  { name: 'true', value: true },
  { name: 'a number', value: CANARY_NUMBER },
  { name: 'an empty list', value: [] },
  { name: 'a list of a text', value: [canary] },
  { name: 'an empty object', value: {} },
  { name: 'an object', value: { [canary]: canary } },
];

const texts = (schema: Schema, canary: string): BadValue[] => {
  const { maxLength, minLength } = schema;
  const long = Math.min(maxLength ?? 0, 100_000);
  return [
    { name: 'a text', value: canary },
    { name: 'an empty text', value: '' },
    { name: 'blanks', value: '   ' },
    { name: 'a text in blanks', value: ` ${canary} ` },
    { name: 'a line break', value: `${canary}\r\nX-Injected: ${canary}` },
    { name: 'markup', value: `<script>${canary}</script>` },
    { name: 'SQL', value: `'); drop table licenses; -- ${canary}` },
    { name: 'right-to-left marks and emoji', value: `\u202e${canary}💥` },
    { name: 'NUL', value: `${canary}\u0000`, unfit: true },
    { name: 'half a surrogate pair', value: `${canary}\ud83d`, unfit: true },
    { name: 'a UUID with a prefix', value: 'urn:uuid:2133c667-af41-4518-94df-a2bb3b775330' },
    { name: 'a UUID one digit too long', value: '2133c667-af41-4518-94df-a2bb3b7753301' },
    { name: 'a date that is none', value: '2026-02-30T25:61:00Z' },
    { name: 'an address that is none', value: `${canary}@` },
    { name: 'an address with a line break', value: `${canary}@example.com\r\nBcc: ${canary}@example.com` },
    ...(maxLength === undefined ? [] : [{ name: 'a text too long', value: canary.padEnd(long + 1, 'x') }]),
    // Four bytes each: where the text may be long, the body would be too large before it is looked at.
    ...(maxLength === undefined || long > 50_000 ? [] : [{ name: 'emoji one too many', value: '💥'.repeat(long + 1) }]),
    ...(minLength === undefined || minLength < 2
      ? []
      : [{ name: 'a text too short', value: canary.slice(0, minLength - 1) }]),
    ...(schema.enum === undefined ? [] : [{ name: 'another case', value: String(schema.enum[0]).toUpperCase() }]),
  ];
};

const numbers = (schema: Schema): BadValue[] => {
  const { minimum, maximum } = schema;
  return [
    { name: 'a number as text', value: '3' },
    { name: 'zero', value: 0 },
    { name: 'minus one', value: -1 },
    { name: 'a fraction', value: 1.5 },
    { name: 'the least double', value: new RawNumber('5e-324') },
    { name: 'past the doubles', value: new RawNumber('1e400') },
    { name: 'past the integers', value: new RawNumber('9007199254740993') },
    { name: '400 digits', value: new RawNumber('9'.repeat(400)) },
    ...(minimum === undefined ? [] : [{ name: 'one too small', value: minimum - 1 }]),
    ...(maximum === undefined ? [] : [{ name: 'one too large', value: maximum + 1 }]),
  ];
};

const MARK = '@raw number@';

/** JSON, with raw numbers as they are spelled. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (part instanceof RawNumber ? `${MARK}${part.text}` : part)).replaceAll(
    new RegExp(`"${MARK}([^"]*)"`, 'g'),
    '$1',
  );
