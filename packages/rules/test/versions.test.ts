import fc from 'fast-check';
import { compareVersions, parseVersion, versionKey } from '../src/index.ts';

const written = fc.oneof(
  fc.tuple(fc.nat(20), fc.nat(9)).map(([major, minor]) => `${major}.${minor}`),
  fc
    .tuple(fc.nat(20), fc.nat(9), fc.integer({ min: 1, max: 99 }))
    .map(([major, minor, update]) => `${major}.${minor} Update ${update}`),
  fc
    .tuple(fc.nat(20), fc.nat(99), fc.nat(1200))
    .map(([major, middle, build]) => `${major}.${String(middle).padStart(2, '0')}.${String(build).padStart(3, '0')}`),
);

test('versions are in a total order, and the same only where their numbers are', () => {
  fc.assert(
    fc.property(written, written, written, (...texts) => {
      const [one, other, third] = texts.map(parseVersion);
      if (!one || !other || !third) throw new Error('unreadable');
      expect(compareVersions(one, one)).toBe(0);
      expect(Math.sign(compareVersions(one, other))).toBe(0 - Math.sign(compareVersions(other, one)));
      if (compareVersions(one, other) === 0) expect(one).toEqual(other);
      if (compareVersions(one, other) <= 0 && compareVersions(other, third) <= 0) {
        expect(compareVersions(one, third)).toBeLessThanOrEqual(0);
      }
    }),
    { numRuns: 5000 },
  );
});

test('the key of a version is in the same order, number by number', () => {
  const compare = (one: number[], other: number[]): number => {
    const at = one.findIndex((number, index) => number !== other[index]);
    return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
  };
  fc.assert(
    fc.property(written, written, (...texts) => {
      const [one, other] = texts.map(parseVersion);
      if (!one || !other) throw new Error('unreadable');
      expect(Math.sign(compare(versionKey(one), versionKey(other)))).toBe(Math.sign(compareVersions(one, other)));
    }),
  );
});

test('any other text is no version, and none takes long to refuse', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 50 }), (text) => {
      const isVersion = /^(\d{1,3}\.\d( +update +\d{1,2})?|\d{1,3}\.\d\d\.\d{1,6})$/i.test(text.trim());
      if (!isVersion && !/\s/.test(text.trim())) expect(parseVersion(text)).toBeNull();
    }),
  );
  const before = performance.now();
  expect(parseVersion(`3.3${' '.repeat(100_000)}x`)).toBeNull();
  expect(performance.now() - before).toBeLessThan(1000);
});
