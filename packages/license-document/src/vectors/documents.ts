import type { LicenseDocument } from '../document.ts';
import { keyId } from '../keys.ts';
import { issueRevocation } from '../revocation.ts';
import { createSigner } from '../signer.ts';
import { certificates, documentHeader, keys, rawJws, sample, signer, withPayload } from './craft.ts';
import { forgedDocuments } from './forged-documents.ts';
import { malformedDocuments } from './malformed-documents.ts';
import { accepted, refused, type Vector } from './vector.ts';

const genuine = signer.sign(sample);
const later: LicenseDocument = { ...sample, serial: 13, issuedAt: '2027-07-01T00:00:00.000Z' };
const stolen = keyId(keys.signing);
const retired = keyId(keys.stranger);

export const statement = (revokedKeyIds: string[], issuedAt: string, rootKey = keys.root): string =>
  issueRevocation({ rootKey, revokedKeyIds, issuedAt: new Date(issuedAt) });
const older = statement([retired], '2027-06-15T00:00:00.000Z');
const newer = statement([retired, stolen], '2027-06-30T00:00:00.000Z');

const rotated = (revocations?: string): string =>
  createSigner({ signingKey: keys.nextSigning, certificate: certificates.nextSigning, revocations }).sign(later);
const none = { newestRevocations: null };
const now = { newestRevocations: newer };

const valid = (): Vector[] => [
  ...accepted(sample, [
    ['valid', genuine, none],
    [
      'valid, for this controller and of the serial in use',
      genuine,
      { ...none, installCode: sample.installCode, minimumSerial: sample.serial },
    ],
    [
      'valid, clock before issue: no clock is asked, terms count from the time of issue on',
      genuine,
      { ...none, clock: '1970-01-01T00:00:00.000Z', timeAtLeast: sample.issuedAt },
    ],
    [
      'valid, ten years on: no clock is asked',
      genuine,
      { ...none, clock: '2036-03-01T00:00:00.000Z', timeAtLeast: '2036-03-01T00:00:00.000Z' },
    ],
    ['valid, another key is revoked', genuine, { revocations: older, newestRevocations: older }],
  ]),
  ...accepted({ ...sample, licenses: [] }, [
    ['valid without any license, after a full return', signer.sign({ ...sample, licenses: [] }), none],
  ]),
  ...accepted(later, [
    ['rotated key: the certificate of the new one comes with the document', rotated(), none],
    ['carries a statement of revoked keys', rotated(newer), now],
    ['carries a newer statement than the remembered one', rotated(newer), { ...now, revocations: older }],
    ['carries an older statement than the remembered one', rotated(older), { ...now, revocations: newer }],
    [
      'serial far below that of the document in use, whose key it says is revoked',
      rotated(newer),
      { ...now, minimumSerial: 9_000_000, minimumSerialKeyId: stolen },
    ],
  ]),
];

const notForNow = (): Vector[] => [
  ...refused('wrong_controller', [['wrong controller', genuine, { installCode: '0302E1C2A8F40012' }]]),
  ...refused('superseded', [
    ['superseded serial', genuine, { minimumSerial: sample.serial + 1 }],
    [
      'superseded serial, and the key of the document in use is in good standing',
      rotated(newer),
      { minimumSerial: 14, minimumSerialKeyId: keyId(keys.nextSigning) },
    ],
    [
      'superseded serial, and it does not itself say that the key of the document in use is revoked',
      rotated(),
      { minimumSerial: 14, minimumSerialKeyId: stolen, revocations: newer },
    ],
  ]),
  ...refused('root_unknown', [['wrong root', genuine, { root: 'stranger' }]]),
];

const byNextKey = (rev: string): string => {
  const header = { ...documentHeader, kid: keyId(keys.nextSigning), cert: certificates.nextSigning, rev };
  return rawJws(header, later, keys.nextSigning);
};
const date = '2027-06-30T00:00:00.000Z';

const revoked = (): Vector[] => [
  ...refused('key_revoked', [
    ['revoked key: the statement is remembered', genuine, { revocations: newer }],
    [
      'revoked key: issued after the statement',
      signer.sign({ ...sample, issuedAt: '2027-12-01T00:00:00.000Z' }),
      { revocations: newer },
    ],
    ['revoked key: it carries the statement itself', rawJws({ ...documentHeader, rev: newer }, sample, keys.signing)],
    [
      'revoked key: it carries an older statement that spares it',
      rawJws({ ...documentHeader, rev: older }, sample, keys.signing),
      { revocations: newer },
    ],
  ]),
  ...refused('revocations_invalid', [
    ['statement of revoked keys by another root', byNextKey(statement([stolen], date, keys.stranger))],
    ['statement of revoked keys by a signing key', byNextKey(statement([stolen], date, keys.signing))],
    [
      'statement of revoked keys altered: one left out',
      byNextKey(withPayload(newer, { formatVersion: 1, issuedAt: date, revokedKeyIds: [retired] })),
    ],
    ['a certificate in the place of the statement', byNextKey(certificates.signing)],
    ['an empty statement', byNextKey('')],
  ]),
];

/** License documents: what a gateway must take and what it must not. */
export const documentVectors = (): Vector[] =>
  [...valid(), ...notForNow(), ...revoked(), ...forgedDocuments(), ...malformedDocuments()].map((vector) => ({
    root: 'root',
    ...vector,
  }));
