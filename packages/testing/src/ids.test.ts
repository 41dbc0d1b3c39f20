import { testIds } from './ids.ts';

test('ids are valid UUIDs, the same in each run, and those of two generators differ', () => {
  const [one, other] = [testIds(), testIds()];
  const ordered = Array.from({ length: 50 }, (_, n) => (n % 2 ? one : other).ordered());
  const random = Array.from({ length: 50 }, (_, n) => (n % 2 ? one : other).random());
  expect(ordered[0]).toBe('019ca6b1-dc01-7000-8000-000000000001');
  const shape = (version: number) =>
    new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);
  for (const id of ordered) expect(id).toMatch(shape(7));
  for (const id of random) expect(id).toMatch(shape(4));
  expect(new Set([...ordered, ...random]).size).toBe(100);
  expect(ordered.toSorted()).toEqual(ordered);
  expect(random.toSorted()).not.toEqual(random);
});
