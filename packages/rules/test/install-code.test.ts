import fc from 'fast-check';
import { normalizeInstallCode } from '../src/index.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-';
const characters = fc.constantFrom(...alphabet);

test('every code of 8 to 64 allowed characters is accepted, in upper case, and stays what it is', () => {
  const spaces = fc.constantFrom('', ' ', '\t', '\n', ' \r\n', '\u00a0');
  fc.assert(
    fc.property(fc.string({ unit: characters, minLength: 8, maxLength: 64 }), spaces, spaces, (code, before, after) => {
      const normalized = normalizeInstallCode(before + code + after);
      expect(normalized).toBe(code.toUpperCase());
      expect(normalizeInstallCode(normalized ?? '')).toBe(normalized);
    }),
  );
});

test('a code with any other character, or too short, or too long, is none', () => {
  const other = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => !alphabet.includes(one));
  fc.assert(
    fc.property(fc.string({ unit: characters, minLength: 4, maxLength: 30 }), other, (half, foreign) => {
      expect(normalizeInstallCode(half + foreign + half)).toBeNull();
    }),
  );
  expect(normalizeInstallCode('A'.repeat(7))).toBeNull();
  expect(normalizeInstallCode('A'.repeat(8))).toBe('A'.repeat(8));
  expect(normalizeInstallCode('A'.repeat(64))).toBe('A'.repeat(64));
  expect(normalizeInstallCode('A'.repeat(65))).toBeNull();
  expect(normalizeInstallCode('')).toBeNull();
});
