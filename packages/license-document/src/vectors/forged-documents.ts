import { issueCertificate } from '../certificate.ts';
import type { DocumentLicense, LicenseDocument } from '../document.ts';
import { keyId, publicJwk } from '../keys.ts';
import {
  base64url,
  certificates,
  documentHeader,
  keys,
  partsOf,
  rawJws,
  sample,
  signer,
  validity,
  withPayload,
} from './craft.ts';
import { refused, type Vector } from './vector.ts';

const genuine = signer.sign(sample);
const [header, payload, signature] = partsOf(genuine);
const [capacity, maintenance] = sample.licenses as [DocumentLicense, DocumentLicense];

const signed = (change: object, document: LicenseDocument = sample, key = keys.signing) =>
  rawJws({ ...documentHeader, ...change }, document, key);
const altered = (change: Partial<LicenseDocument>) => withPayload(genuine, { ...sample, ...change });
const issued = (issuedAt: string) => signed({}, { ...sample, issuedAt });

const strangerKid = keyId(keys.stranger);
const ofOwnRoot = issueCertificate({ rootKey: keys.stranger, signingKey: keys.stranger, ...validity.signing });
const inTheNameOfTheRoot = rawJws(
  { alg: 'EdDSA', typ: 'smartserver-key-cert+jwt', kid: keyId(keys.root) },
  {
    formatVersion: 1,
    kid: strangerKid,
    jwk: publicJwk(keys.stranger),
    notBefore: validity.signing.notBefore.toISOString(),
    notAfter: validity.signing.notAfter.toISOString(),
  },
  keys.stranger,
);
const ofNextKey = { kid: keyId(keys.nextSigning), cert: certificates.nextSigning };

/** Documents that were not genuinely issued: another signer, another time, another content. */
export const forgedDocuments = (): Vector[] => [
  ...refused('root_unknown', [
    ['certified by a root of its own', signed({ kid: strangerKid, cert: ofOwnRoot }, sample, keys.stranger)],
  ]),
  ...refused('certificate_expired', [
    ['issued a millisecond before the certificate begins', issued('2025-12-31T23:59:59.999Z')],
    ['expired certificate: issued a millisecond after it ends', issued('2027-12-31T23:59:59.001Z')],
  ]),
  ...refused('certificate_invalid', [
    [
      'certificate forged in the name of the root',
      signed({ kid: strangerKid, cert: inTheNameOfTheRoot }, sample, keys.stranger),
    ],
    ['certificate of another key', signed({ cert: certificates.nextSigning })],
    ['a document in the place of the certificate', signed({ cert: genuine })],
    ['certificate cut short', signed({ cert: certificates.signing.slice(0, -1) })],
    ['no text in the place of the certificate', signed({ cert: '' })],
  ]),
  ...refused('signature_invalid', [
    ['key and certificate swapped for those of another certified key', signed(ofNextKey)],
    ['the same, the signature left', `${base64url({ ...documentHeader, ...ofNextKey })}.${payload}.${signature}`],
    ['altered: issuer', altered({ issuer: 'Someone else' })],
    ['altered: install code', altered({ installCode: '0302E1C2A8F40012' })],
    ['altered: Customer ID', altered({ customerId: '2133c667-af41-4518-94df-a2bb3b775331' })],
    ['altered: serial', altered({ serial: 13 })],
    ['altered: issue time', altered({ issuedAt: '2026-03-01T08:30:00.001Z' })],
    ['altered: a license left out', altered({ licenses: [capacity] })],
    ['altered: License ID', altered({ licenses: [{ ...capacity, licenseId: sample.customerId }, maintenance] })],
    ['altered: kind', altered({ licenses: [{ ...capacity, kind: 'core' }, maintenance] })],
    ['altered: device count', altered({ licenses: [{ ...capacity, deviceCount: 9999 }, maintenance] })],
    ['altered: activation', altered({ licenses: [{ ...capacity, activatedAt: sample.issuedAt }, maintenance] })],
    ['altered: expiry', altered({ licenses: [capacity, { ...maintenance, expiresAt: '2099-03-01T08:30:00.000Z' }] })],
    ['altered: the order of licenses', altered({ licenses: [maintenance, capacity] })],
    ['altered: fields swapped', altered({ installCode: sample.customerId, customerId: sample.installCode })],
    [
      'signature of another genuine document',
      `${header}.${payload}.${partsOf(signer.sign({ ...sample, serial: 13 }))[2]}`,
    ],
    ['signed by a stranger under the genuine header', signed({}, sample, keys.stranger)],
    ['64 zero bytes as signature', `${header}.${payload}.${base64url(Buffer.alloc(64))}`],
  ]),
];
