import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small change to the code that takes a guard away, and the test that must notice. */
export type Mutant = {
  name: string;
  /** Number in the list of guarantees, e.g. "1", "22"; or a rule of the domain, e.g. "rule 9". */
  guarantee: string;
  /** File below the project's root. */
  file: string;
  /** Text that occurs exactly once in the file … */
  find: string;
  /** … and what stands there instead. */
  replace: string;
  /** Jest path pattern of the test that must turn red. */
  test: string;
  /** Jest name pattern, where one test of the file is enough. */
  testName?: string;
};

/** All mutants, one file per guarantee or group. */
export function readMutants(folder: string): Mutant[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  return files.flatMap((name) => {
    const content = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Mutant | Mutant[];
    return Array.isArray(content) ? content : [content];
  });
}

/** @throws when the text to change is not there exactly once: the code has moved on, and the mutant must follow */
export function mutate(source: string, mutant: Mutant): string {
  const places = source.split(mutant.find).length - 1;
  if (places !== 1)
    throw new Error(`Mutant "${mutant.name}": the text to change occurs ${places} times in ${mutant.file}.`);
  return source.replace(mutant.find, () => mutant.replace);
}

/** In so many commits every mutant has run once. */
export const SHARES = 10;

/** One share of the mutants, in the order of their names; @param number of the commit: any integer, counted around */
export const shareOf = (mutants: readonly Mutant[], number: number): Mutant[] => {
  if (!Number.isInteger(number)) throw new Error('A share is named by an integer.');
  return mutants
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter((_, index) => index % SHARES === number % SHARES);
};
