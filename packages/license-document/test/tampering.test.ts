import { createPublicKey } from 'node:crypto';
import { issueCertificate, keyId, type LicenseDocument, signDeviceProof, verifyDocument } from '../src/index.ts';
import {
  base64url,
  certificate,
  genuineHeader,
  notAfter,
  notBefore,
  outcome,
  partsOf,
  rawJws,
  rootKey,
  rootPublicKey,
  sample,
  signer,
  signingKey,
  strangerKey,
} from './support.ts';

const genuine = signer.sign(sample);
const [header, payload, signature] = partsOf(genuine);
const verdict = (jws: string) => outcome(() => verifyDocument(jws, { rootPublicKey }));
const signed = (alteredPayload: unknown) => verdict(rawJws(genuineHeader, alteredPayload, signingKey));

/** Every member of the sample with another value that its check would allow. */
const alterations: Record<string, (document: LicenseDocument) => void> = {
  issuer: (document) => Object.assign(document, { issuer: 'Someone else' }),
  installCode: (document) => Object.assign(document, { installCode: 'SSIOT-0001-7F3B' }),
  customerId: (document) => Object.assign(document, { customerId: '2133c667-af41-4518-94df-a2bb3b775331' }),
  serial: (document) => Object.assign(document, { serial: 8 }),
  issuedAt: (document) => Object.assign(document, { issuedAt: '2026-03-01T08:30:00.001Z' }),
  licenses: (document) => document.licenses.pop(),
  licenseId: (document) => Object.assign(document.licenses[0] ?? {}, { licenseId: sample.customerId }),
  kind: (document) => Object.assign(document.licenses[0] ?? {}, { kind: 'core' }),
  deviceCount: (document) => Object.assign(document.licenses[0] ?? {}, { deviceCount: 1001 }),
  activatedAt: (document) => Object.assign(document.licenses[0] ?? {}, { activatedAt: '2026-02-28T10:00:01.000Z' }),
  expiresAt: (document) => Object.assign(document.licenses[1] ?? {}, { expiresAt: '2099-03-01T08:30:00.000Z' }),
  formatVersion: (document) => Object.assign(document, { formatVersion: 2 }),
};

describe('a document whose content was altered is refused', () => {
  test('the list of alterations names every member of the format', () => {
    const members = [...Object.keys(sample), ...Object.keys(sample.licenses[0] ?? {})];
    expect(Object.keys(alterations).sort()).toEqual(members.sort());
  });

  test.each(Object.entries(alterations))('%s', (_member, alter) => {
    const altered = structuredClone(sample);
    alter(altered);
    expect(altered).not.toEqual(sample);
    expect(verdict(`${header}.${base64url(altered)}.${signature}`)).toBe('signature_invalid');
  });

  test('the signature of another genuine document does not fit', () => {
    const [, , otherSignature] = partsOf(signer.sign({ ...sample, serial: 8 }));
    expect(verdict(`${header}.${payload}.${otherSignature}`)).toBe('signature_invalid');
  });

  test('a signature by the group order higher (malleability) is not the signature', () => {
    const bytes = Buffer.from(signature, 'base64url');
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
    for (let index = 32; index < 64; index += 1, s >>= 8n) bytes.writeUInt8(Number(s & 0xffn), index);
    expect(verdict(`${header}.${payload}.${bytes.toString('base64url')}`)).toBe('signature_invalid');
  });
});

describe('a document signed with a key that the root did not certify is refused', () => {
  const validity = { notBefore, notAfter };
  const own = (cert: string, kid = keyId(strangerKey)) =>
    verdict(rawJws({ ...genuineHeader, kid, cert }, sample, strangerKey));

  test('under the genuine header', () => {
    expect(verdict(rawJws(genuineHeader, sample, strangerKey))).toBe('signature_invalid');
  });

  test('with the certificate of the genuine key', () => {
    expect(own(certificate)).toBe('certificate_invalid');
  });

  test('with a certificate by a root of its own', () => {
    const cert = issueCertificate({ rootKey: strangerKey, signingKey: strangerKey, ...validity });
    expect(own(cert)).toBe('root_unknown');
  });

  test('with a certificate by a root of its own that claims to be the known root', () => {
    const claims = {
      formatVersion: 1,
      kid: keyId(strangerKey),
      jwk: createPublicKey(strangerKey).export({ format: 'jwk' }),
    };
    const certHeader = { alg: 'EdDSA', typ: 'smartserver-key-cert+jwt', kid: keyId(rootKey) };
    const dates = { notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() };
    expect(own(rawJws(certHeader, { ...claims, ...dates }, strangerKey))).toBe('certificate_invalid');
  });

  test('with another certified key’s certificate swapped in', () => {
    const cert = issueCertificate({ rootKey, signingKey: strangerKey, ...validity });
    expect(verdict(rawJws({ ...genuineHeader, cert }, sample, signingKey))).toBe('certificate_invalid');
    expect(verdict(rawJws({ ...genuineHeader, cert, kid: keyId(strangerKey) }, sample, signingKey))).toBe(
      'signature_invalid',
    );
  });

  test('with a genuine document in the place of the certificate', () => {
    expect(verdict(rawJws({ ...genuineHeader, cert: genuine }, sample, signingKey))).toBe('certificate_invalid');
  });

  test('the genuine document against another root', () => {
    const attempt = () => verifyDocument(genuine, { rootPublicKey: createPublicKey(strangerKey) });
    expect(outcome(attempt)).toBe('root_unknown');
  });
});

describe('a header that says anything else is refused, even when signed with the genuine key', () => {
  test.each([
    ['alg none', { alg: 'none' }],
    ['alg HS256', { alg: 'HS256' }],
    ['another typ', { typ: 'JWT' }],
    ['a critical extension', { crit: ['b64'] }],
    ['a key of its own', { jwk: createPublicKey(strangerKey).export({ format: 'jwk' }) }],
    ['no certificate', { cert: undefined }],
    ['a certificate that is no text', { cert: {} }],
    ['a kid that is no thumbprint', { kid: '../root' }],
  ])('%s', (_name, change) => {
    expect(verdict(rawJws({ ...genuineHeader, ...change }, sample, signingKey))).toBe('malformed');
  });

  test('an empty signature under alg none', () => {
    expect(verdict(`${base64url({ ...genuineHeader, alg: 'none' })}.${payload}.`)).toBe('malformed');
  });

  test('other things signed here are no license documents: a certificate, a device proof', () => {
    const proof = signDeviceProof({
      deviceKey: signingKey,
      audience: 'a',
      customerId: 'c',
      installCode: 'i',
      userType: 'owner',
      issuedAt: notBefore,
      nonce: 'n',
    });
    expect(verdict(certificate)).toBe('malformed');
    expect(verdict(proof)).toBe('malformed');
  });
});

describe('two spellings of one document do not exist', () => {
  const json = JSON.stringify(sample);

  test.each([
    ['a member repeated', json.replace('"serial":7', '"serial":7,"serial":9')],
    ['a member of a license repeated', json.replace('"deviceCount":1000', '"deviceCount":1,"deviceCount":1000')],
    ['white space', json.replace('"serial":7', '"serial": 7')],
    ['a number written otherwise', json.replace('"serial":7', '"serial":7.0')],
    ['a needless escape', json.replace('"issuer":"S', '"issuer":"\\u0053')],
    ['a byte order mark', `\ufeff${json}`],
    ['something after the end', `${json} {}`],
  ])('%s is refused even when signed', (_name, text) => {
    expect(text).not.toBe(json);
    expect(signed(text)).toBe('malformed');
  });

  test('invalid UTF-8 is refused even when signed', () => {
    const bytes = Buffer.from(json);
    bytes.writeUInt8(0xff, bytes.indexOf('SmartServer'));
    expect(signed(bytes)).toBe('malformed');
  });

  test('a repeated header member is refused', () => {
    const repeated = JSON.stringify(genuineHeader).replace('{', '{"alg":"none",');
    expect(verdict(rawJws(repeated, sample, signingKey))).toBe('malformed');
  });
});
