import { createPublicKey } from 'node:crypto';
import { keyId, publicJwk, signDeviceProof, verifyDeviceProof } from '../src/index.ts';
import {
  base64url,
  certificate,
  outcome,
  partsOf,
  rawJws,
  sample,
  signer,
  signingKey,
  strangerKey,
} from './support.ts';

const claims = {
  audience: 'smartserver-license-management',
  customerId: sample.customerId,
  installCode: sample.installCode,
  userType: 'owner',
  issuedAt: new Date('2026-03-01T08:30:00.000Z'),
  nonce: '6f1c',
};
const genuine = signDeviceProof({ deviceKey: strangerKey, ...claims });
const genuineHeader = { alg: 'EdDSA', typ: 'smartserver-device-proof+jwt', jwk: publicJwk(strangerKey) };
const [header, payload, signature] = partsOf(genuine);
const genuinePayload = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
const verdict = (jws: string) => outcome(() => verifyDeviceProof(jws));

test('a proof says what was signed and by which key', () => {
  expect(verifyDeviceProof(genuine)).toEqual({
    ...claims,
    publicKeyJwk: createPublicKey(strangerKey).export({ format: 'jwk' }),
    thumbprint: keyId(strangerKey),
  });
});

test('the form of a proof does not change by accident', () => {
  expect(Object.keys(genuinePayload)).toEqual(['aud', 'customerId', 'installCode', 'userType', 'iat', 'nonce']);
  expect(genuinePayload.iat).toBe(1_772_353_800);
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual(genuineHeader);
});

describe('a proof that was altered is refused', () => {
  test.each(Object.keys(genuinePayload))('%s', (member) => {
    const value = member === 'iat' ? 1_772_353_801 : 'other';
    const altered = base64url({ ...genuinePayload, [member]: value });
    expect(verdict(`${header}.${altered}.${signature}`)).toBe('signature_invalid');
  });

  test('another key put into its header', () => {
    const swapped = base64url({ ...genuineHeader, jwk: publicJwk(signingKey) });
    expect(verdict(`${swapped}.${payload}.${signature}`)).toBe('signature_invalid');
  });
});

describe('a proof of another form is refused', () => {
  test.each<[string, Record<string, unknown>]>([
    ['alg none', { alg: 'none' }],
    ['another typ', { typ: 'smartserver-license+jwt' }],
    ['a private key in the header', { jwk: strangerKey.export({ format: 'jwk' }) }],
    ['a key of another curve', { jwk: { ...genuineHeader.jwk, crv: 'X25519' } }],
    ['a short key', { jwk: { ...genuineHeader.jwk, x: genuineHeader.jwk.x.slice(1) } }],
    ['no key', { jwk: null }],
    ['a key with spare bits set', { jwk: { ...genuineHeader.jwk, x: `${genuineHeader.jwk.x.slice(0, -1)}_` } }],
  ])('%s in the header', (_name, change) => {
    expect(verdict(rawJws({ ...genuineHeader, ...change }, genuinePayload, strangerKey))).toBe('malformed');
  });

  test.each<[string, Record<string, unknown>]>([
    ['an unknown member', { role: 'admin' }],
    ['no nonce', { nonce: undefined }],
    ['an empty nonce', { nonce: '' }],
    ['a time in fractions', { iat: 1.5 }],
    ['a time before 1970', { iat: -1 }],
    ['a time beyond the year 9999', { iat: 253_402_300_800 }],
    ['an audience that is a list', { aud: ['a'] }],
  ])('%s in the payload', (_name, change) => {
    expect(verdict(rawJws(genuineHeader, { ...genuinePayload, ...change }, strangerKey))).toBe('malformed');
  });

  test('a repeated member', () => {
    const repeated = JSON.stringify(genuinePayload).replace('"userType":', '"userType":"guest","userType":');
    expect(verdict(rawJws(genuineHeader, repeated, strangerKey))).toBe('malformed');
  });

  test('a license document, a certificate, nothing', () => {
    expect(verdict(signer.sign(sample))).toBe('malformed');
    expect(verdict(certificate)).toBe('malformed');
    expect(verdict('')).toBe('malformed');
  });

  test('a proof longer than 8 KiB', () => {
    expect(verdict(rawJws(genuineHeader, { ...genuinePayload, nonce: 'n'.repeat(9000) }, strangerKey))).toBe(
      'malformed',
    );
  });
});

describe('a key under which one signature fits every message proves nothing', () => {
  // The orders 1, 2, 4 and 8 with either sign, and the non-canonical spellings: with R = A and S = 0 such a signature passes.
  const points = [
    '0100000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000080',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ];

  test.each(points)('%s', (point) => {
    const x = Buffer.from(point, 'hex').toString('base64url');
    const weak = base64url({ ...genuineHeader, jwk: { crv: 'Ed25519', kty: 'OKP', x } });
    // R is the neutral element and S is 0.
    const universal = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]).toString('base64url');
    expect(verdict(`${weak}.${payload}.${universal}`)).toBe('malformed');
  });
});

describe('a proof with a fault is not signed', () => {
  test.each([
    ['no nonce', { nonce: '' }],
    ['a control character', { installCode: 'A\n' }],
    ['an invalid date', { issuedAt: new Date(Number.NaN) }],
    ['a user type that is too long', { userType: 'x'.repeat(65) }],
  ])('%s', (_name, change) => {
    expect(outcome(() => signDeviceProof({ deviceKey: strangerKey, ...claims, ...change }))).toBe('malformed');
  });
});
