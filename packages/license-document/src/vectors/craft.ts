import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { issueCertificate } from '../certificate.ts';
import type { LicenseDocument } from '../document.ts';
import { keyId } from '../keys.ts';
import { createSigner } from '../signer.ts';

/** Private key from its 32-byte seed: the published keys of RFC 8032, section 7.1, so that they are not mistaken for secrets. */
const keyOfSeed = (seed: string): KeyObject => {
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
};

/** RFC 8032, section 7.1: test 1, test 2, test 1024, test 3 and test SHA(abc). */
export const keys = {
  root: keyOfSeed('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'),
  signing: keyOfSeed('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
  nextSigning: keyOfSeed('f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5'),
  device: keyOfSeed('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7'),
  stranger: keyOfSeed('833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42'),
};

export const roots = { root: createPublicKey(keys.root), stranger: createPublicKey(keys.stranger) };

export const validity = {
  signing: { notBefore: new Date('2026-01-01T00:00:00.000Z'), notAfter: new Date('2027-12-31T23:59:59.000Z') },
  nextSigning: { notBefore: new Date('2027-06-01T00:00:00.000Z'), notAfter: new Date('2029-05-31T23:59:59.000Z') },
};

export const certificates = {
  signing: issueCertificate({ rootKey: keys.root, signingKey: keys.signing, ...validity.signing }),
  nextSigning: issueCertificate({ rootKey: keys.root, signingKey: keys.nextSigning, ...validity.nextSigning }),
};

export const signer = createSigner({ signingKey: keys.signing, certificate: certificates.signing });

export const documentHeader = {
  alg: 'EdDSA',
  typ: 'smartserver-license+jwt',
  kid: keyId(keys.signing),
  cert: certificates.signing,
};

export const sample: LicenseDocument = {
  formatVersion: 1,
  issuer: 'SmartServer License Management – test vectors',
  installCode: '0302E1C2A8F40011',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  serial: 12,
  issuedAt: '2026-03-01T08:30:00.000Z',
  licenses: [
    {
      licenseId: '0d6c9b1e-5c1f-4d43-9a55-1f6d3f0f7a01',
      kind: 'capacity',
      deviceCount: 1000,
      activatedAt: '2026-02-28T10:00:00.000Z',
      expiresAt: null,
    },
    {
      licenseId: '7a1f0a52-8c43-4a0e-b5d7-60cf2f9c1b02',
      kind: 'maintenance',
      deviceCount: 1000,
      activatedAt: '2026-03-01T08:30:00.000Z',
      expiresAt: '2029-03-01T08:30:00.000Z',
    },
  ],
};

/** A compact JWS over any header and payload, objects, text or bytes, without the checks that are made when one is issued. */
export const rawJws = (header: unknown, payload: unknown, key: KeyObject): string => {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
};

export const base64url = (part: unknown): string => {
  const isRaw = typeof part === 'string' || Buffer.isBuffer(part);
  return Buffer.from(isRaw ? part : JSON.stringify(part)).toString('base64url');
};

/** The three parts of a compact JWS, still encoded. */
export const partsOf = (jws: string): [header: string, payload: string, signature: string] => {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  return [header, payload, signature];
};

/** The JWS with another payload under the signature it had. */
export const withPayload = (jws: string, payload: unknown): string => {
  const [header, , signature] = partsOf(jws);
  return `${header}.${base64url(payload)}.${signature}`;
};

/** A JSON text in which a member stands twice, first with a value of the forger's. */
export const repeated = (value: object, member: string, first: unknown): string =>
  JSON.stringify(value).replace(`"${member}":`, `"${member}":${JSON.stringify(first)},"${member}":`);

/** Signed text in armour, without the checks that are made when a file is written. */
export const rawArmour = (file: string, jws: string): string => {
  const lines = jws.match(/.{1,64}/g) ?? [];
  return file.replace(
    /(-----BEGIN .*-----\n)[\s\S]*(\n-----END)/,
    (_all, begin, end) => begin + lines.join('\n') + end,
  );
};

/** The JWS in an armoured file. */
export const jwsIn = (file: string): string => {
  const [, body = ''] = /-----BEGIN .*-----\n([\s\S]*)\n-----END/.exec(file) ?? [];
  return body.replaceAll('\n', '');
};
