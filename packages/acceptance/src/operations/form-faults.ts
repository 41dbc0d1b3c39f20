import { badValuesFor } from './bad-values.ts';
import type { BodyFault } from './body-faults.ts';
import { isValid } from './contract.ts';
import type { Schema } from './document.ts';

type Fields = [name: string, value: string][];

/** What can be wrong with a form: it knows texts only, and may hold a field more than once. */
export const formFaults = (root: Schema, valid: Record<string, string>, canary: string): BodyFault[] => {
  const fields = Object.entries(valid);
  const fault = (
    what: string,
    pointer: string,
    changed: Fields,
    refused = !isValid(root, Object.fromEntries(changed)),
  ) => ({
    name: `${what} at ${pointer}`,
    pointer,
    text: new URLSearchParams(changed).toString(),
    refused,
  });
  const without = (name: string): Fields => fields.filter(([field]) => field !== name);
  const perField = Object.entries(root.properties ?? {}).flatMap(([name, schema]) => [
    fault('missing', `/${name}`, without(name)),
    fault('twice', `/${name}`, [...without(name), [name, canary], [name, canary]], true),
    ...badValuesFor(schema, canary)
      .filter((bad): bad is typeof bad & { value: string } => typeof bad.value === 'string')
      // A form is text in UTF-8: it cannot carry half of a pair.
      .filter(({ value }) => !/\p{Surrogate}/u.test(value))
      .map(({ name: what, value, unfit }) => {
        const changed: Fields = [...without(name), [name, value]];
        return fault(what, `/${name}`, changed, unfit === true || !isValid(root, Object.fromEntries(changed)));
      }),
  ]);
  return [...perField, fault('unknown field', '/unexpected', [...fields, ['unexpected', canary]])];
};
