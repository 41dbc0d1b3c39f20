import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { createUnsubscribeLinks } from './link.ts';

const publicUrl = 'https://licensing.example.com';
const links = createUnsubscribeLinks({ secret: randomBytes(32), publicUrl });
const tokenOf = (url: string) => new URL(url).pathname.split('/').at(-1) ?? '';

test('a link leads back to its e-mail, is one line of a header, and shows no address', () => {
  const emailId = randomUUID();
  const url = links.urlOf(emailId);
  expect(url).toMatch(/^https:\/\/licensing\.example\.com\/v1\/unsubscriptions\/[A-Za-z0-9_-]{54}$/);
  expect(links.emailIdOf(tokenOf(url))).toBe(emailId);
});

test('a link that was altered in any one character, or made with another secret, leads nowhere', () => {
  const token = tokenOf(links.urlOf(randomUUID()));
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  // The last character has two spare bits.
  const place = fc.integer({ min: 0, max: token.length - 2 });
  fc.assert(
    fc.property(place, fc.constantFrom(...alphabet), (at, character) => {
      fc.pre(token[at] !== character);
      expect(links.emailIdOf(token.slice(0, at) + character + token.slice(at + 1))).toBeNull();
    }),
  );
  const others = createUnsubscribeLinks({ secret: randomBytes(32), publicUrl });
  expect(others.emailIdOf(token)).toBeNull();
  for (const wrong of ['', 'x', `${token}A`, token.slice(1)]) expect(links.emailIdOf(wrong)).toBeNull();
});
