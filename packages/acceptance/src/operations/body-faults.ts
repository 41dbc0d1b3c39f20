import { sampleOf } from './arbitraries.ts';
import { type BadValue, badValuesFor, toJson } from './bad-values.ts';
import { isValid } from './contract.ts';
import type { Schema } from './document.ts';

/** A body with one place changed. */
export type BodyFault = {
  name: string;
  /** JSON pointer that a refusal must name. */
  pointer: string;
  text: string;
  /** Whether the contract refuses it. */
  refused: boolean;
};

type Place = { schema: Schema; value: unknown; pointer: string; put: (value: unknown) => unknown };

/** @param valid a body that the operation takes: what is not changed stays right */
export const bodyFaults = (root: Schema, valid: unknown, canary: string): BodyFault[] => {
  const fault = (what: string, pointer: string, body: unknown, unfit = false): BodyFault => {
    const text = toJson(body);
    const refused = unfit || !isValid(root, JSON.parse(text));
    return { name: `${what} at ${pointer || 'the root'}`, pointer, text, refused };
  };

  const faultsAt = ({ schema, value, pointer, put }: Place): BodyFault[] => [
    ...replacements(schema, pointer, canary).map((bad) => fault(bad.name, pointer, put(bad.value), bad.unfit)),
    ...(schema.type === 'object' ? fieldFaults({ schema, value, pointer, put }) : []),
    ...(schema.type === 'array' ? itemFaults({ schema, value, pointer, put }) : []),
  ];

  const fieldFaults = ({ schema, value, pointer, put }: Place): BodyFault[] => {
    const fields = value as Record<string, unknown>;
    const required = (schema.required ?? []).map((name) => {
      const { [name]: _, ...rest } = fields;
      return fault('missing', `${pointer}/${name}`, put(rest));
    });
    const unknown = fault('unknown field', `${pointer}/unexpected`, put({ ...fields, unexpected: canary }));
    const parts = Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
      faultsAt({
        schema: part,
        value: fields[name] ?? sampleOf(part),
        pointer: `${pointer}/${name}`,
        put: (changed) => put({ ...fields, [name]: changed }),
      }),
    );
    return [...required, unknown, ...parts];
  };

  const itemFaults = ({ schema, value, pointer, put }: Place): BodyFault[] => {
    const [first = sampleOf(schema.items ?? {}), ...rest] = value as unknown[];
    const { minItems, maxItems, uniqueItems, items = {} } = schema;
    return [
      ...(minItems === undefined ? [] : [fault('too few', pointer, put(Array(minItems - 1).fill(first)))]),
      ...(maxItems === undefined ? [] : [fault('too many', pointer, put(Array(maxItems + 1).fill(first)))]),
      ...(uniqueItems ? [fault('twice the same', pointer, put([first, first]))] : []),
      fault('a text in the middle', `${pointer}/1`, put([first, canary, ...rest])),
      ...faultsAt({
        schema: items,
        value: first,
        pointer: `${pointer}/0`,
        put: (changed) => put([changed, ...rest]),
      }),
    ];
  };

  return faultsAt({ schema: root, value: valid, pointer: '', put: (value) => value });
};

/** Objects and lists are changed from within; of the values in their place the wrong types are enough. */
const replacements = (schema: Schema, pointer: string, canary: string): BadValue[] => {
  const all = badValuesFor(schema, canary);
  const isContainer = schema.type === 'object' || schema.type === 'array' || pointer === '';
  return isContainer ? all.filter((bad) => ['null', 'true', 'a number', 'a text'].includes(bad.name)) : all;
};
