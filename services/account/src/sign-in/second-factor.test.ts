import { base32nopad } from '@scure/base';
import { otpAt } from '../../test/harness.ts';
import { stepOfOneTimeCode } from './second-factor.ts';

test('one-time codes follow RFC 6238', () => {
  // Appendix B, SHA-1: the last six digits.
  const secret = base32nopad.encode(Buffer.from('12345678901234567890'));
  expect(stepOfOneTimeCode(secret, '287082', new Date(59_000), null)).toBe(1);
  expect(stepOfOneTimeCode(secret, '081804', new Date(1_111_111_109_000), null)).toBe(37_037_036);
  expect(stepOfOneTimeCode(secret, '081805', new Date(1_111_111_109_000), null)).toBeNull();
});

test('a one-time code is not accepted again, nor is one of an earlier step', () => {
  const secret = base32nopad.encode(Buffer.from('12345678901234567890'));
  const now = new Date('2026-03-01T12:00:00Z');
  const step = stepOfOneTimeCode(secret, otpAt(secret, now), now, null);
  expect(step).not.toBeNull();
  expect(stepOfOneTimeCode(secret, otpAt(secret, now), now, step)).toBeNull();
  const before = otpAt(secret, new Date(now.getTime() - 30_000));
  expect(stepOfOneTimeCode(secret, before, now, step)).toBeNull();
});
