import fc from 'fast-check';
import { splitDeviceCounts } from '../src/index.ts';

test('splitDeviceCounts agrees with exact arithmetic on any parts', () => {
  const part = fc.oneof(fc.integer({ min: -2, max: 50 }), fc.maxSafeInteger(), fc.double());
  const parts = fc.array(part, { maxLength: 6 });
  fc.assert(
    fc.property(parts, fc.oneof(fc.integer({ min: 0, max: 200 }), fc.maxSafeNat()), (drawn, whole) => {
      const isExact = drawn.length >= 2 && drawn.every((value) => Number.isSafeInteger(value) && value >= 1);
      const fits = isExact && drawn.reduce((sum, value) => sum + BigInt(value), 0n) === BigInt(whole);
      expect(splitDeviceCounts(whole, drawn)).toBe(fits ? 'ok' : 'split_mismatch');
    }),
    { numRuns: 5000 },
  );
});

test('every way to cut a license is allowed, in any order, and not with one device more or less', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 20 }), (parts) => {
      const whole = parts.reduce((sum, part) => sum + part, 0);
      expect(splitDeviceCounts(whole, parts)).toBe('ok');
      expect(splitDeviceCounts(whole, parts.toReversed())).toBe('ok');
      expect(splitDeviceCounts(whole + 1, parts)).toBe('split_mismatch');
      expect(splitDeviceCounts(whole - 1, parts)).toBe('split_mismatch');
    }),
  );
});

test('rounding cannot hide a device: 2^53 and 2^53 + 1 are the same number', () => {
  expect(splitDeviceCounts(2 ** 53, [2 ** 53 - 1, 1, 1])).toBe('split_mismatch');
  expect(splitDeviceCounts(Number.NaN, [1, 1])).toBe('split_mismatch');
});
