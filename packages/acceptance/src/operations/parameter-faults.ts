import { isValid } from './contract.ts';
import type { Parameter } from './document.ts';

/** A value of one path or query parameter, as it stands in the address: encoded already. */
export type ParameterFault = { name: string; encoded: string; refused: boolean };

const NOT_UTF8 = '%ff%fe';
const encode = encodeURIComponent;

/** Values for a parameter of the path. The address may also be answered as one that does not exist. */
export const pathFaults = ({ schema }: Parameter, canary: string): ParameterFault[] =>
  [
    { name: 'nonsense', text: canary },
    { name: 'a traversal', text: `../../${canary}` },
    { name: 'a dot', text: '.' },
    { name: 'NUL', text: `${canary}\0` },
    { name: 'line breaks', text: `${canary}\r\nX-Injected: ${canary}` },
    { name: 'quotes', text: `'"${canary}` },
    { name: 'emoji', text: `💥${canary}` },
    { name: 'a blank', text: ' ' },
    { name: 'a UUID too long', text: '2133c667-af41-4518-94df-a2bb3b7753301' },
    { name: 'a UUID in braces', text: '{2133c667-af41-4518-94df-a2bb3b775330}' },
    { name: 'endless', text: canary.padEnd(600, 'x') },
  ]
    .map(({ name, text }) => ({ name, encoded: encode(text), refused: !isValid(schema, text) || text.includes('\0') }))
    .concat([
      { name: 'half an escape', encoded: `${canary}%2`, refused: true },
      { name: 'no UTF-8', encoded: NOT_UTF8, refused: true },
    ]);

/** Values for a parameter of the query. */
export const queryFaults = ({ name, schema }: Parameter, canary: string): ParameterFault[] => {
  const texts = [
    { name: 'nonsense', text: canary },
    { name: 'nothing', text: '' },
    { name: 'a blank', text: ' ' },
    { name: 'NUL', text: `${canary}\0` },
    { name: 'endless', text: canary.padEnd(1_000, 'x') },
    { name: 'markup', text: `<b>${canary}</b>` },
    { name: 'wildcards', text: `%_\\${canary}` },
    { name: 'emoji', text: `💥${canary}` },
    ...(name === 'cursor' ? cursors(canary) : []),
  ];
  const numbers = [
    '0',
    '-1',
    '201',
    '1.5',
    '1e3',
    '0x10',
    '1_0',
    'NaN',
    'Infinity',
    '99999999999999999999',
    '+5',
    '５',
  ];
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  return [
    ...texts.map(({ name: what, text }) => ({
      name: what,
      encoded: encode(text),
      refused: isNumber || !isValid(schema, text) || text.includes('\0'),
    })),
    ...(isNumber
      ? numbers.map((text) => ({ name: text, encoded: encode(text), refused: !isNumeral(schema, text) }))
      : []),
    { name: 'no UTF-8', encoded: NOT_UTF8, refused: false },
    { name: 'half an escape', encoded: `${canary}%2`, refused: isNumber },
  ];
};

/** Whether it is a number that the contract takes, spelled in any way that a number may be. */
const isNumeral = (schema: Parameter['schema'], text: string): boolean =>
  text.trim() !== '' && isValid(schema, Number(text));

/** Well-formed base64url of things that no page ever gave. */
const cursors = (canary: string): { name: string; text: string }[] =>
  [
    { name: 'a cursor of nonsense', of: canary },
    { name: 'a cursor of JSON', of: `{"id":"${canary}"}` },
    { name: 'a cursor of NUL', of: '\0' },
    { name: 'a cursor of an upper case UUID', of: '2133C667-AF41-4518-94DF-A2BB3B775330' },
    { name: 'a cursor of SQL', of: `' or '1'='1` },
    { name: 'a cursor of bytes', of: Buffer.from([0xff, 0xfe, 0x00, 0x80]) },
    { name: 'a cursor of a UUID that nothing has', of: '2133c667-af41-4518-94df-a2bb3b775330' },
    { name: 'a cursor of two numbers', of: '1,2' },
    { name: 'a cursor of a date', of: '2026-02-30T25:61:00Z' },
  ].map(({ name, of }) => ({ name, text: Buffer.from(of).toString('base64url') }));

/** Values of a header that the contract describes. None of them can end the header: that needs bytes. */
export const headerFaults = (
  { name, schema }: Parameter,
  canary: string,
): { name: string; value: string; refused: boolean }[] =>
  [
    { name: 'nothing', value: '' },
    { name: 'blanks within', value: `${canary} ${canary}` },
    { name: '101 characters', value: canary.padEnd(101, 'x') },
    { name: '1,000 characters', value: canary.padEnd(1_000, 'x') },
    { name: 'umlauts', value: `${canary}äöü` },
    { name: 'a tab', value: `${canary}\t${canary}` },
    ...(name === 'If-Match'
      ? [`"${canary}"`, `W/"1"`, canary, '1', '"', '""', '"1" "2"', '\\', '"\\"'].map((value) => ({
          name: value,
          value,
        }))
      : []),
  ].map((fault) => ({ ...fault, refused: !isValid(schema, fault.value.trim()) }));
