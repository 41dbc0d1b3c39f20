import { createCipheriv, randomBytes } from 'node:crypto';
import { createSeal, openSealedBytes, sealBytes } from './seal.ts';

const seal = createSeal(Buffer.alloc(32, 1));
const message = { recipient: 'anna@example.com', code: '123456' };

test('a sealed value opens for its owner and with its key only, and not when a single bit was changed', () => {
  const sealed = seal.seal(message, 'owner');
  expect(seal.open(sealed, 'owner')).toEqual(message);
  expect(() => seal.open(sealed, 'another')).toThrow();
  expect(() => createSeal(Buffer.alloc(32, 2)).open(sealed, 'owner')).toThrow();
  const bytes = Buffer.from(sealed, 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(() => seal.open(changed.toString('base64url'), 'owner')).toThrow();
  }
  for (const cut of ['', 'AQ', sealed.slice(0, 30), sealed.slice(0, -4)]) {
    expect(() => seal.open(cut, 'owner')).toThrow();
  }
});

test('sealed values reveal neither text nor length, nor whether two hold the same', () => {
  const others = [
    message,
    message,
    { recipient: null, code: '000000' },
    { recipient: `${'a'.repeat(240)}@example.com` },
  ];
  const sealed = others.map((content) => seal.seal(content, 'owner'));
  expect(new Set(sealed).size).toBe(sealed.length);
  expect(new Set(sealed.map((text) => text.length)).size).toBe(1);
  expect(Buffer.from(sealed[0] ?? '', 'base64url').toString('latin1')).not.toContain('anna');
});

test('a value that is too long is refused, as its length would show', () => {
  expect(() => seal.seal({ text: randomBytes(300).toString('hex') }, 'owner')).toThrow('too long');
});

test('bytes open for their owner only; what was stored is format 1, initialization vector, tag and ciphertext', () => {
  const key = Buffer.alloc(32, 1);
  const iv = Buffer.alloc(12, 7);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from('owner'));
  const text = Buffer.concat([cipher.update('secret'), cipher.final()]);
  const stored = Buffer.concat([Buffer.from([1]), iv, cipher.getAuthTag(), text]);
  expect(openSealedBytes(key, stored, 'owner').toString()).toBe('secret');
  expect(() => openSealedBytes(key, stored, 'another')).toThrow();
  const sealed = sealBytes(key, Buffer.from('secret'), 'owner');
  expect(sealed).toHaveLength(stored.length);
  expect(openSealedBytes(key, sealed, 'owner').toString()).toBe('secret');
});
