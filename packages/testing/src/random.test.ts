import { randomOf, runSeed, seededRandom } from './random.ts';

const some = (seed: number) => {
  const random = randomOf(seed);
  return Array.from({ length: 50 }, () => [random.below(1_000), random.fraction(), random.oneOf(3)]);
};

test('the same seed repeats the choices, another one makes others', () => {
  expect(some(1)).toEqual(some(1));
  expect(some(1)).not.toEqual(some(2));
});

test('choices stay within their bounds and reach them', () => {
  const random = randomOf(3);
  const drawn = Array.from({ length: 1_000 }, () => random.below(4));
  expect([...new Set(drawn)].sort()).toEqual([0, 1, 2, 3]);
  const share = Array.from({ length: 3_000 }, () => random.oneOf(3)).filter(Boolean).length / 3_000;
  expect(share).toBeGreaterThan(0.28);
  expect(share).toBeLessThan(0.39);
  const shuffled = random.shuffle([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(shuffled).not.toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(shuffled.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a suite takes the seed of the run', () => {
  expect(seededRandom('this test').seed).toBe(runSeed());
  expect(runSeed()).toBe(Number(process.env.SEED));
});
