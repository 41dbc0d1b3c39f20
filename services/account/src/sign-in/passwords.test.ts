import { argon2Passwords, NOBODYS_HASH } from './passwords.ts';

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
