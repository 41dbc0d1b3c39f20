import { createPublicKey } from 'node:crypto';
import { createSigner, DocumentError, issueCertificate, type LicenseDocument, verifyDocument } from '../src/index.ts';
import {
  certificate,
  genuineHeader,
  notAfter,
  notBefore,
  outcome,
  rawJws,
  rootKey,
  rootPublicKey,
  sample,
  signer,
  signingKey,
  strangerKey,
} from './support.ts';

const [capacity, maintenance] = sample.licenses as [LicenseDocument['licenses'][0], LicenseDocument['licenses'][0]];

/** What is wrong with the document, and the members that make it so. */
const faults: [string, Record<string, unknown>][] = [
  ['an unknown member', { note: 'x' }],
  ['a missing member', { issuer: undefined }],
  ['an empty issuer', { issuer: '' }],
  ['a lone surrogate', { issuer: 'a\ud800' }],
  ['an install code in lower case', { installCode: 'ssiot-0001-7f3a' }],
  ['a short install code', { installCode: 'SSIOT' }],
  ['a Customer ID in upper case', { customerId: sample.customerId.toUpperCase() }],
  ['a Customer ID with a line break', { customerId: `${sample.customerId}\n` }],
  ['a negative serial', { serial: -1 }],
  ['a serial that is no whole number', { serial: 1.5 }],
  ['a serial beyond exact numbers', { serial: 2 ** 53 }],
  ['a serial in quotes', { serial: '7' }],
  ['an issue time with an offset', { issuedAt: '2026-03-01T08:30:00+01:00' }],
  ['an issue time without a zone', { issuedAt: '2026-03-01T08:30:00' }],
  ['an issue time on 30 February', { issuedAt: '2026-02-30T08:30:00Z' }],
  ['an issue time at 24:00', { issuedAt: '2026-03-01T24:00:00Z' }],
  ['an issue time at second 60', { issuedAt: '2026-03-01T23:59:60Z' }],
  ['an issue time as a number', { issuedAt: 1772353800 }],
  ['licenses that are no list', { licenses: {} }],
  ['a license that is nothing', { licenses: [null] }],
  ['a license in a list', { licenses: [[capacity]] }],
  ['the same License ID twice', { licenses: [capacity, { ...capacity, deviceCount: 1 }] }],
  ['an unknown kind', { licenses: [{ ...capacity, kind: 'gold' }] }],
  ['a kind that every object has', { licenses: [{ ...capacity, kind: 'toString' }] }],
  ['a license with an unknown member', { licenses: [{ ...capacity, devices: 5 }] }],
  ['a license without devices', { licenses: [{ ...capacity, deviceCount: 0 }] }],
  ['more devices than 32 bits hold', { licenses: [{ ...capacity, deviceCount: 2 ** 31 }] }],
  ['a capacity license that expires', { licenses: [{ ...capacity, expiresAt: maintenance.expiresAt }] }],
  ['a maintenance license that never expires', { licenses: [{ ...maintenance, expiresAt: null }] }],
  ['an expiry left out', { licenses: [{ ...capacity, expiresAt: undefined }] }],
];

describe('a document with a fault is neither signed nor, signed elsewhere, accepted', () => {
  test.each(faults)('%s', (_fault, members) => {
    const faulty = { ...sample, ...members };
    expect(outcome(() => signer.sign(faulty as LicenseDocument))).toBe('malformed');
    const jws = rawJws(genuineHeader, faulty, signingKey);
    expect(outcome(() => verifyDocument(jws, { rootPublicKey }))).toBe('malformed');
  });

  test.each([[null], ['text'], [7], [[]], [[sample]]])('%j instead of a document', (value) => {
    const jws = rawJws(genuineHeader, JSON.stringify(value), signingKey);
    expect(outcome(() => verifyDocument(jws, { rootPublicKey }))).toBe('malformed');
  });
});

describe('what the format allows', () => {
  test.each<[string, Partial<LicenseDocument>]>([
    ['no license at all, after a full return', { licenses: [] }],
    ['instants without milliseconds', { issuedAt: '2026-03-01T08:30:00Z' }],
    ['29 February of a leap year', { issuedAt: '2028-02-29T08:30:00.5Z' }],
    [
      'core and remote CMS licenses without a device count',
      {
        licenses: [
          { ...capacity, kind: 'core', deviceCount: 0 },
          { ...maintenance, kind: 'remote_cms', deviceCount: 0 },
        ],
      },
    ],
  ])('%s', (_name, members) => {
    const document = { ...sample, ...members };
    expect(verifyDocument(signer.sign(document), { rootPublicKey }).document).toEqual(document);
  });
});

describe('formats of the future are distinguished from broken files', () => {
  test('a later version of the document', () => {
    const jws = rawJws(genuineHeader, { formatVersion: 3, whatever: true }, signingKey);
    expect(outcome(() => verifyDocument(jws, { rootPublicKey }))).toBe('unsupported_version');
  });

  test('a later version of the certificate', () => {
    const header = {
      alg: 'EdDSA',
      typ: 'smartserver-key-cert+jwt',
      kid: verifyDocument(signer.sign(sample), { rootPublicKey }).rootKid,
    };
    const cert = rawJws(header, { formatVersion: 2 }, rootKey);
    const jws = rawJws({ ...genuineHeader, cert }, sample, signingKey);
    expect(outcome(() => verifyDocument(jws, { rootPublicKey }))).toBe('unsupported_version');
  });
});

describe('a signer signs only what will verify', () => {
  test('not with a certificate of another key', () => {
    const attempt = () => createSigner({ signingKey: strangerKey, certificate });
    expect(outcome(attempt)).toBe('certificate_invalid');
  });

  test('not with something that is no certificate', () => {
    expect(outcome(() => createSigner({ signingKey, certificate: 'x.y.z' }))).toBe('certificate_invalid');
  });

  test('not outside the validity of its certificate', () => {
    const late = { ...sample, issuedAt: '2029-01-01T00:00:00.000Z' };
    expect(() => signer.sign(late)).toThrow(DocumentError);
    expect(outcome(() => signer.sign(late))).toBe('certificate_expired');
  });

  test('not beyond the size that is read: 1 MiB', () => {
    const many = (count: number): LicenseDocument => {
      const licenses = Array.from({ length: count }, (_, index) => {
        return { ...capacity, licenseId: `0d6c9b1e-5c1f-4d43-9a55-${index.toString(16).padStart(12, '0')}` };
      });
      return { ...sample, licenses };
    };
    expect(verifyDocument(signer.sign(many(3500)), { rootPublicKey }).document.licenses).toHaveLength(3500);
    expect(outcome(() => signer.sign(many(6000)))).toBe('malformed');
  });

  test('the public half of a signing key is all that certifying it takes', () => {
    const again = issueCertificate({ rootKey, signingKey: createPublicKey(signingKey), notBefore, notAfter });
    expect(again).toBe(certificate);
  });
});
