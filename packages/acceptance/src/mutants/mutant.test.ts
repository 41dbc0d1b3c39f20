import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mutate, readMutants } from './mutant.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');

test('every mutant still has the code that it changes, once, and a name of its own', () => {
  const mutants = readMutants(resolve(ROOT, 'packages/acceptance/mutants'));
  for (const mutant of mutants) {
    const source = readFileSync(resolve(ROOT, mutant.file), 'utf8');
    expect(mutate(source, mutant)).not.toBe(source);
  }
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
