import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mutate, readMutants, SHARES, shareOf } from './mutant.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');

test('every mutant still has the code that it changes, once, and a name of its own', () => {
  const mutants = readMutants(resolve(ROOT, 'packages/acceptance/mutants'));
  const stale = mutants.flatMap((mutant) => {
    try {
      const source = readFileSync(resolve(ROOT, mutant.file), 'utf8');
      return mutate(source, mutant) === source ? [`${mutant.name} changes nothing`] : [];
    } catch (error) {
      return [String(error)];
    }
  });
  expect(stale).toEqual([]);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test('ten commits in a row run every mutant once', () => {
  const mutants = readMutants(resolve(ROOT, 'packages/acceptance/mutants'));
  const shares = Array.from({ length: SHARES }, (_, n) => shareOf(mutants, 1_234 + n).map(({ name }) => name));
  expect(shares.flat().toSorted()).toEqual(mutants.map(({ name }) => name).toSorted());
  for (const share of shares) expect(share.length).toBeGreaterThan(mutants.length / SHARES - 1);
  expect(shareOf(mutants, 14)).toEqual(shareOf(mutants, 1_234));
});
