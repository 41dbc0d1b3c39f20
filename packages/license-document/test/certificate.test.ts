import { issueCertificate, keyId, publicJwk, verifyCertificate, verifyDocument } from '../src/index.ts';
import {
  certificate,
  genuineHeader,
  outcome,
  rawJws,
  rootKey,
  rootPublicKey,
  sample,
  signer,
  signingKey,
} from './support.ts';

const verdict = (jws: string) => outcome(() => verifyDocument(jws, { rootPublicKey }));

describe('a certificate counts when the document was issued', () => {
  const issued = (issuedAt: string) => verdict(rawJws(genuineHeader, { ...sample, issuedAt }, signingKey));

  test.each([
    ['a millisecond before it begins', '2025-12-31T23:59:59.999Z', 'certificate_expired'],
    ['as it begins', '2026-01-01T00:00:00.000Z', 'accepted'],
    ['as it ends', '2028-12-31T23:59:59.000Z', 'accepted'],
    ['a millisecond after it ends', '2028-12-31T23:59:59.001Z', 'certificate_expired'],
  ])('%s', (_when, issuedAt, expected) => {
    expect(issued(issuedAt)).toBe(expected);
  });

  test('ten years on, after the signing key has long been replaced, the document still verifies', () => {
    jest.useFakeTimers({ now: new Date('2036-03-01T00:00:00Z') });
    expect(verdict(signer.sign(sample))).toBe('accepted');
    jest.useRealTimers();
  });
});

test('a certificate that ends before it begins is not issued', () => {
  const notBefore = new Date('2026-01-02');
  for (const notAfter of [notBefore, new Date('2026-01-01'), new Date(Number.NaN)]) {
    expect(() => issueCertificate({ rootKey, signingKey, notBefore, notAfter })).toThrow(RangeError);
  }
});

describe('a certificate is read strictly, even when the root itself signed it', () => {
  const certHeader = { alg: 'EdDSA', typ: 'smartserver-key-cert+jwt', kid: keyId(rootKey) };
  const genuine = {
    formatVersion: 1,
    kid: keyId(signingKey),
    jwk: publicJwk(signingKey),
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2028-12-31T23:59:59.000Z',
  };
  const certVerdict = (payload: unknown) =>
    outcome(() => verifyCertificate(rawJws(certHeader, payload, rootKey), { rootPublicKey }));

  test('the one it is made from is accepted', () => {
    expect(rawJws(certHeader, genuine, rootKey)).toBe(certificate);
    expect(certVerdict(genuine)).toBe('accepted');
  });

  test.each<[string, Record<string, unknown>]>([
    ['a kid that is another key’s', { kid: keyId(rootKey) }],
    ['an end before its begin', { notBefore: genuine.notAfter, notAfter: genuine.notBefore }],
    ['an unknown member', { purpose: 'anything' }],
    ['no end', { notAfter: undefined }],
    ['a private key', { jwk: signingKey.export({ format: 'jwk' }) }],
    ['no key', { jwk: null }],
    ['a version in quotes', { formatVersion: '1' }],
  ])('%s is refused', (_name, change) => {
    expect(certVerdict({ ...genuine, ...change })).toBe('certificate_invalid');
  });

  test('a repeated member is refused', () => {
    const repeated = JSON.stringify(genuine).replace('"notAfter"', '"notAfter":"2020-01-01T00:00:00.000Z","notAfter"');
    expect(certVerdict(repeated)).toBe('certificate_invalid');
  });

  test('one over 4 KiB is refused before it is decoded', () => {
    expect(() => verifyCertificate('A'.repeat(5000), { rootPublicKey })).toThrow('longer than 4096 characters');
  });
});
