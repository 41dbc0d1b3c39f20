import { customerNameKey } from '../src/customers/customer.ts';
import { argon2Passwords, NOBODYS_HASH } from '../src/security/passwords.ts';
import { base32, stepOfOneTimeCode } from '../src/security/second-factor.ts';
import { createSecrets } from '../src/security/secrets.ts';
import { otpAt } from './support.ts';

const secrets = createSecrets(Buffer.alloc(32, 1));

describe('passwords', () => {
  test('the hash is argon2id, and verifies its password only', async () => {
    const hash = await argon2Passwords.hash('correct horse battery');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await argon2Passwords.verify(hash, 'correct horse battery')).toBe(true);
    expect(await argon2Passwords.verify(hash, 'correct horse batterz')).toBe(false);
  });

  test('an address without a password is verified against a hash of the same cost, and never matches', async () => {
    const cost = (hash: string) => hash.split('$').slice(1, 4);
    expect(cost(NOBODYS_HASH)).toEqual(cost(await argon2Passwords.hash('x')));
    // The password that this hash was made of.
    expect(await argon2Passwords.verify(null, 'a quite long one')).toBe(false);
  });

  test('a word typed as composed or decomposed characters is the same password', async () => {
    const hash = await argon2Passwords.hash('Schl\u00fcssel-Wort');
    expect(await argon2Passwords.verify(hash, 'Schlu\u0308ssel-Wort')).toBe(true);
  });
});

describe('sealed values', () => {
  test('open for their owner only, and not when a single bit was changed', () => {
    const sealed = secrets.seal(Buffer.from('secret'), 'owner');
    expect(secrets.open(sealed, 'owner').toString()).toBe('secret');
    expect(() => secrets.open(sealed, 'another')).toThrow();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => secrets.open(changed, 'owner')).toThrow();
    }
    expect(() => createSecrets(Buffer.alloc(32, 2)).open(sealed, 'owner')).toThrow();
  });

  test('differ each time, so that equal secrets cannot be told', () => {
    const seal = () => secrets.seal(Buffer.from('secret'), 'owner').toString('hex');
    expect(seal()).not.toBe(seal());
  });
});

test('derived secrets differ by purpose, by thing and by key', () => {
  const other = createSecrets(Buffer.alloc(32, 2));
  const derived = [
    secrets.derive('a', 'id', 1),
    secrets.derive('b', 'id', 1),
    secrets.derive('a', 'id', 2),
    secrets.derive('a', 'other', 1),
    other.derive('a', 'id', 1),
  ];
  expect(new Set(derived).size).toBe(derived.length);
  expect(secrets.derive('a', 'id', 1)).toBe(derived[0]);
});

test('secrets of authenticator apps are base32, as RFC 4648 has it', () => {
  const cases = [
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foobar', 'MZXW6YTBOI'],
  ] as const;
  for (const [plain, encoded] of cases) expect(base32(Buffer.from(plain))).toBe(encoded);
});

test('one-time codes follow RFC 6238', () => {
  // Appendix B, SHA-1: the last six digits.
  const secret = base32(Buffer.from('12345678901234567890'));
  expect(stepOfOneTimeCode(secret, '287082', new Date(59_000), null)).toBe(1);
  expect(stepOfOneTimeCode(secret, '081804', new Date(1_111_111_109_000), null)).toBe(37_037_036);
  expect(stepOfOneTimeCode(secret, '081805', new Date(1_111_111_109_000), null)).toBeNull();
});

test('a one-time code is not accepted again, nor is one of an earlier step', () => {
  const secret = base32(Buffer.from('12345678901234567890'));
  const now = new Date('2026-03-01T12:00:00Z');
  const step = stepOfOneTimeCode(secret, otpAt(secret, now), now, null);
  expect(step).not.toBeNull();
  expect(stepOfOneTimeCode(secret, otpAt(secret, now), now, step)).toBeNull();
  const before = otpAt(secret, new Date(now.getTime() - 30_000));
  expect(stepOfOneTimeCode(secret, before, now, step)).toBeNull();
});

test('case, surrounding space and the composition of characters do not tell customer names apart', () => {
  expect(customerNameKey('  P-Geb\u00e4ude 1 ')).toBe(customerNameKey('p-gebA\u0308ude 1'));
  expect(customerNameKey('P-Building 1')).not.toBe(customerNameKey('P-Building  1'));
});
