import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeBase64url } from './base64url.ts';
import { FormatError, KeyError } from './errors.ts';
import { exactFields, type Fields } from './fields.ts';

/** An Ed25519 public key as a JSON Web Key (RFC 8037). `x`: the 32 bytes of the key in base64url, 43 characters. */
export type PublicJwk = { crv: 'Ed25519'; kty: 'OKP'; x: string };

/** Makes a new private Ed25519 key. Used alike for root keys, signing keys and device keys. */
export const generateKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

/** The public half of a private or public key, as a KeyObject. @throws KeyError `wrong_type` */
const publicKeyOf = (key: KeyObject): KeyObject => {
  requireEd25519(key);
  return key.type === 'private' ? createPublicKey(key) : key;
};

/** The public half of a private or public key, as a JWK with its members in RFC 7638 order. @throws KeyError `wrong_type` */
export const publicJwk = (key: KeyObject): PublicJwk => {
  const { x } = publicKeyOf(key).export({ format: 'jwk' });
  return { crv: 'Ed25519', kty: 'OKP', x: String(x) };
};

/** RFC 7638 thumbprint (SHA-256) of a JWK in base64url, 43 characters. */
export const thumbprint = (jwk: PublicJwk): string => thumbprintDigest(jwk).toString('base64url');

/** The `kid` of a private or public key: its RFC 7638 thumbprint in base64url. @throws KeyError `wrong_type` */
export const keyId = (key: KeyObject): string => thumbprint(publicJwk(key));

/**
 * The key's thumbprint for people who compare two keys by eye or by telephone: sixteen groups of four hexadecimal
 * digits. It is the same value as the `kid`, in other letters. @throws KeyError `wrong_type`
 */
export const fingerprint = (key: KeyObject): string => {
  const digits = thumbprintDigest(publicJwk(key)).toString('hex').toUpperCase();
  return digits.replace(/(.{4})(?=.)/g, '$1 ');
};

/**
 * Private key as PKCS #8 PEM; with a passphrase encrypted with AES-256-CBC under a key that OpenSSL derives with few
 * PBKDF2 rounds, so the passphrase should be long and random. @throws KeyError `wrong_type`
 */
export const exportPrivateKey = (key: KeyObject, passphrase?: string): string => {
  requireEd25519(key);
  if (key.type !== 'private') throw new KeyError('wrong_type', 'A private key is needed here, not a public one.');
  // An empty passphrase is most often a variable that was never set: better no key file than an unprotected one.
  if (passphrase === '') throw new KeyError('passphrase_invalid', 'The passphrase is empty.');
  const form = { type: 'pkcs8', format: 'pem' } as const;
  return key.export(passphrase === undefined ? form : { ...form, cipher: 'aes-256-cbc', passphrase }).toString();
};

/**
 * Reads what `exportPrivateKey` wrote.
 * @throws KeyError `malformed`, `wrong_type`, or `passphrase_invalid` when the passphrase is missing or wrong
 */
export const importPrivateKey = (pem: string, passphrase?: string): KeyObject => {
  const encrypted = pem.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');
  if (encrypted && !passphrase) throw new KeyError('passphrase_invalid', 'This private key needs its passphrase.');
  let key: KeyObject;
  try {
    key = createPrivateKey(encrypted ? { key: pem, passphrase } : pem);
  } catch {
    if (encrypted) throw new KeyError('passphrase_invalid', 'The passphrase does not open this private key.');
    throw new KeyError('malformed', 'This is not a private key in PEM form.');
  }
  requireEd25519(key);
  return key;
};

/** Public half of a private or public key as SPKI PEM. @throws KeyError `wrong_type` */
export const exportPublicKey = (key: KeyObject): string =>
  publicKeyOf(key).export({ type: 'spki', format: 'pem' }).toString();

/** Reads a public key in SPKI PEM. @throws KeyError `malformed` (a private key is one, too) or `wrong_type` */
export const importPublicKey = (pem: string): KeyObject => {
  // node:crypto would quietly derive the public half of a private key: a private key where a public one belongs is a leak.
  if (pem.includes('PRIVATE KEY-----'))
    throw new KeyError('malformed', 'This is a private key; a public one is needed.');
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new KeyError('malformed', 'This is not a public key in PEM form.');
  }
  requireEd25519(key);
  return key;
};

/**
 * The y coordinates of the points of small order, canonical or not (RFC 8032, section 5.1; the same list that libsodium
 * refuses). Under such a key one signature fits every message, so a proof made with it would prove nothing.
 */
const smallOrderPoints = new Set([
  `00${'00'.repeat(31)}`,
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]);

const isUsablePoint = (value: unknown): boolean => {
  if (typeof value !== 'string' || value.length !== 43) return false;
  try {
    const point = decodeBase64url(value, 'x');
    // The top bit is the sign of x: the same y with either sign has the same order.
    point.writeUInt8(point.readUInt8(31) & 0x7f, 31);
    return !smallOrderPoints.has(point.toString('hex'));
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
};

const jwkFields: Fields = {
  crv: { check: (value) => value === 'Ed25519', expected: '"Ed25519"' },
  kty: { check: (value) => value === 'OKP', expected: '"OKP"' },
  x: { check: isUsablePoint, expected: 'a usable Ed25519 public key in base64url' },
};

/** Internal: checks an untrusted JWK (exactly crv, kty, x). @throws FormatError */
export const readJwk = (value: unknown, where: string): PublicJwk => {
  exactFields(value, where, jwkFields);
  return value as PublicJwk;
};

/** Internal: KeyObject of a JWK that `readJwk` accepted. */
export const keyOfJwk = (jwk: PublicJwk): KeyObject => createPublicKey({ key: jwk, format: 'jwk' });

const thumbprintDigest = ({ crv, kty, x }: PublicJwk): Buffer =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest();

const requireEd25519 = (key: KeyObject): void => {
  if (key.asymmetricKeyType !== 'ed25519') throw new KeyError('wrong_type', 'Only Ed25519 keys are used here.');
};
