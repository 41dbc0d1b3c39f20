import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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

const testFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });

test('every mutant names a test that exists', () => {
  const files = ['packages', 'services'].flatMap((group) => testFiles(join(ROOT, group)));
  const mutants = readMutants(resolve(ROOT, 'packages/acceptance/mutants'));
  const lost = mutants.filter((mutant) => !files.some((file) => new RegExp(mutant.test).test(file)));
  expect(lost.map(({ name, test: path }) => `${name}: ${path}`)).toEqual([]);
});
