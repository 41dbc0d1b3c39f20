import type { DocumentLicense } from '../document.ts';
import { publicJwk } from '../keys.ts';
import { base64url, certificates, documentHeader, keys, partsOf, rawJws, repeated, sample, signer } from './craft.ts';
import { refused, type Vector } from './vector.ts';

const genuine = signer.sign(sample);
const [header, payload, signature] = partsOf(genuine);
const [capacity, maintenance] = sample.licenses as [DocumentLicense, DocumentLicense];

const under = (change: object) => rawJws({ ...documentHeader, ...change }, sample, keys.signing);
/** Genuinely signed, whatever it is. */
const signed = (content: unknown) => rawJws(documentHeader, content, keys.signing);
const json = JSON.stringify(sample);

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const withSpareBit = genuine.slice(0, -1) + alphabet.charAt(alphabet.indexOf(genuine.slice(-1)) + 1);

/** What can be wrong with a document that is genuinely signed, and the members that make it so. */
const faults: [fault: string, members: Record<string, unknown>][] = [
  ['an unknown member', { note: 'x' }],
  ['a missing member', { issuer: undefined }],
  ['an empty issuer', { issuer: '' }],
  ['an issuer of 201 characters', { issuer: 'x'.repeat(201) }],
  ['a control character', { issuer: 'a\u0007' }],
  ['an install code in lower case', { installCode: '0302e1c2a8f40011' }],
  ['a short install code', { installCode: '0302' }],
  ['a Customer ID in upper case', { customerId: sample.customerId.toUpperCase() }],
  ['a Customer ID with a line break', { customerId: `${sample.customerId}\n` }],
  ['a negative serial', { serial: -1 }],
  ['a serial that is no whole number', { serial: 1.5 }],
  ['a serial beyond exact numbers', { serial: 2 ** 53 }],
  ['a serial in quotes', { serial: '12' }],
  ['a serial that is true', { serial: true }],
  ['an issue time with an offset', { issuedAt: '2026-03-01T08:30:00+01:00' }],
  ['an issue time on 30 February', { issuedAt: '2026-02-30T08:30:00Z' }],
  ['an issue time at 24:00', { issuedAt: '2026-03-01T24:00:00Z' }],
  ['an issue time as a number', { issuedAt: 1772353800 }],
  ['licenses that are no list', { licenses: {} }],
  ['a license that is nothing', { licenses: [null] }],
  ['the same License ID twice', { licenses: [capacity, { ...capacity, deviceCount: 1 }] }],
  ['an unknown kind', { licenses: [{ ...capacity, kind: 'gold' }] }],
  ['an unknown member of a license', { licenses: [{ ...capacity, devices: 5 }] }],
  ['a license without devices', { licenses: [{ ...capacity, deviceCount: 0 }] }],
  ['more devices than 32 bits hold', { licenses: [{ ...capacity, deviceCount: 2 ** 31 }] }],
  ['a capacity license that expires', { licenses: [{ ...capacity, expiresAt: maintenance.expiresAt }] }],
  ['a maintenance license that never expires', { licenses: [{ ...maintenance, expiresAt: null }] }],
];

/** Documents of another form, most of them with a genuine signature. */
export const malformedDocuments = (): Vector[] => [
  ...refused('malformed', [
    ['alg none', `${base64url({ ...documentHeader, alg: 'none' })}.${payload}.`],
    ['alg HS256', under({ alg: 'HS256' })],
    ['another typ', under({ typ: 'JWT' })],
    ['a critical extension', under({ crit: ['b64'] })],
    ['a key of its own in the header', under({ jwk: publicJwk(keys.signing) })],
    ['no certificate', under({ cert: undefined })],
    ['a certificate that is no text', under({ cert: {} })],
    ['a statement of revoked keys that is no text', under({ rev: null })],
    ['a kid that is no thumbprint', under({ kid: '../root' })],
    ['a certificate instead of a document', certificates.signing],
    ['duplicate keys in the header', rawJws(repeated(documentHeader, 'alg', 'none'), sample, keys.signing)],
    ['duplicate keys in the payload', signed(repeated(sample, 'serial', 99))],
    ['duplicate keys in a license', signed(json.replace('"deviceCount":', '"deviceCount":9,"deviceCount":'))],
    ['white space in the payload', signed(JSON.stringify(sample, null, 1))],
    ['a number written otherwise', signed(json.replace('"serial":12', '"serial":12.0'))],
    ['a needless escape', signed(json.replace('"issuer":"S', '"issuer":"\\u0053'))],
    ['something after the payload', signed(`${json}{}`)],
    ['a byte order mark before the payload', signed(`\ufeff${json}`)],
    [
      'invalid UTF-8',
      signed(Buffer.concat([Buffer.from(json.slice(0, 30)), Buffer.from([0xff]), Buffer.from(json.slice(30))])),
    ],
    ['a list instead of a document', signed([sample])],
    ['nothing instead of a document', signed('null')],
    ['truncated: no signature', `${header}.${payload}`],
    ['truncated: half a signature', genuine.slice(0, -43)],
    ['truncated: the last character', genuine.slice(0, -1)],
    ['truncated: nothing left', ''],
    ['a fourth part', `${genuine}.${signature}`],
    ['padding', `${genuine}==`],
    ['a line break at the end', `${genuine}\n`],
    ['spare bits of the signature set', withSpareBit],
    ...faults.map(([fault, members]): [string, string] => [
      `genuinely signed, with ${fault}`,
      signed({ ...sample, ...members }),
    ]),
  ]),
  ...refused('unsupported_version', [['a later format version', signed({ formatVersion: 2, content: 'new' })]]),
];
