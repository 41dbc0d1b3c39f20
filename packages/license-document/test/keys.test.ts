import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  exportPrivateKey,
  exportPublicKey,
  fingerprint,
  generateKey,
  importPrivateKey,
  importPublicKey,
  KeyError,
  keyId,
} from '../src/index.ts';
import { rootKey, rootPublicKey } from './support.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof KeyError) return error.code;
    throw error;
  }
  return 'accepted';
};

describe('keys keep their identity', () => {
  test('the kid is the RFC 7638 thumbprint: the example of RFC 8037, appendix A.3', () => {
    // The key of that appendix is the first test key of RFC 8032, used here as the root.
    expect(keyId(rootKey)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    expect(keyId(rootPublicKey)).toBe(keyId(rootKey));
  });

  test('the fingerprint is the same value for people', () => {
    expect(fingerprint(rootKey)).toMatch(/^([0-9A-F]{4} ){15}[0-9A-F]{4}$/);
    const digits = fingerprint(rootPublicKey).replaceAll(' ', '');
    expect(Buffer.from(digits, 'hex').toString('base64url')).toBe(keyId(rootKey));
  });

  test('every generated key is another', () => {
    expect(keyId(generateKey())).not.toBe(keyId(generateKey()));
  });
});

describe('keys are written and read', () => {
  test('a private key, plain', () => {
    const pem = exportPrivateKey(rootKey);
    expect(pem).toContain('-----BEGIN PRIVATE KEY-----');
    expect(importPrivateKey(pem).equals(rootKey)).toBe(true);
    expect(importPrivateKey(pem, 'not needed').equals(rootKey)).toBe(true);
  });

  test('a private key under a passphrase', () => {
    const pem = exportPrivateKey(rootKey, 'correct horse');
    expect(pem).toContain('-----BEGIN ENCRYPTED PRIVATE KEY-----');
    expect(importPrivateKey(pem, 'correct horse').equals(rootKey)).toBe(true);
    expect(codeOf(() => importPrivateKey(pem, 'wrong horse'))).toBe('passphrase_invalid');
    expect(codeOf(() => importPrivateKey(pem))).toBe('passphrase_invalid');
    expect(codeOf(() => importPrivateKey(pem, ''))).toBe('passphrase_invalid');
  });

  test('an empty passphrase protects nothing and is refused', () => {
    expect(codeOf(() => exportPrivateKey(rootKey, ''))).toBe('passphrase_invalid');
  });

  test('the encryption is AES-256-CBC', () => {
    const der = Buffer.from(exportPrivateKey(rootKey, 'x').replace(/-----[^-]+-----|\s/g, ''), 'base64');
    // Object identifier 2.16.840.1.101.3.4.1.42.
    expect(der.includes(Buffer.from('060960864801650304012a', 'hex'))).toBe(true);
  });

  test('a public key', () => {
    const pem = exportPublicKey(rootKey);
    expect(pem).toBe(exportPublicKey(rootPublicKey));
    expect(importPublicKey(pem).equals(rootPublicKey)).toBe(true);
  });
});

describe('what is no such key is refused', () => {
  test('a private key where a public one belongs, and the other way round', () => {
    expect(codeOf(() => importPublicKey(exportPrivateKey(rootKey)))).toBe('malformed');
    expect(codeOf(() => importPrivateKey(exportPublicKey(rootKey)))).toBe('malformed');
    expect(codeOf(() => exportPrivateKey(rootPublicKey))).toBe('wrong_type');
  });

  test('text that is no key', () => {
    expect(codeOf(() => importPublicKey('key'))).toBe('malformed');
    expect(codeOf(() => importPrivateKey('key'))).toBe('malformed');
  });

  test('a key of another algorithm', () => {
    expect(codeOf(() => keyId(rsa.publicKey))).toBe('wrong_type');
    expect(codeOf(() => exportPrivateKey(rsa.privateKey))).toBe('wrong_type');
    expect(codeOf(() => importPublicKey(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()))).toBe(
      'wrong_type',
    );
    const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(codeOf(() => importPrivateKey(pem))).toBe('wrong_type');
    expect(codeOf(() => fingerprint(createPublicKey(rsa.privateKey)))).toBe('wrong_type');
  });
});
