import type { DocumentLicense, LicenseDocument } from '../document.ts';
import { documentHeader, keys, rawJws, repeated, sample, signer, withPayload } from './craft.ts';
import { accepted, refused, type Vector } from './vector.ts';

const [capacity, maintenance] = sample.licenses as [DocumentLicense, DocumentLicense];

/** A renewal that was activated before the license that it renews expires. */
const renewal: DocumentLicense = {
  licenseId: '5e2b7c14-90ad-4f5e-8b3c-2d1e0f9a8b03',
  kind: 'maintenance',
  deviceCount: 1000,
  activatedAt: '2026-03-01T08:30:00.000Z',
  startsAt: '2029-03-01T08:30:00.000Z',
  expiresAt: '2030-03-01T08:30:00.000Z',
};

export const sample2: LicenseDocument = { ...sample, formatVersion: 2, licenses: [capacity, maintenance, renewal] };

const genuine = signer.sign(sample2);
const signed = (content: unknown) => rawJws(documentHeader, content, keys.signing);
const json = JSON.stringify(sample2);
const with3rd = (license: object): LicenseDocument => ({
  ...sample2,
  licenses: [capacity, maintenance, license as DocumentLicense],
});
const remoteCms: DocumentLicense = { ...renewal, kind: 'remote_cms', deviceCount: 0 };
const none = { newestRevocations: null };

/** What can be wrong with the beginning of a term. */
const faults: [fault: string, document: object][] = [
  ['a beginning in a document of version 1', { ...sample2, formatVersion: 1 }],
  ['a beginning of capacity', with3rd({ ...capacity, licenseId: renewal.licenseId, startsAt: renewal.startsAt })],
  ['a beginning of core', with3rd({ ...renewal, kind: 'core', expiresAt: null })],
  ['a beginning without an end', with3rd({ ...remoteCms, expiresAt: null })],
  ['a beginning at the end', with3rd({ ...renewal, startsAt: renewal.expiresAt })],
  ['a beginning after the end', with3rd({ ...renewal, startsAt: '2030-03-01T08:30:00.001Z' })],
  ['a beginning that is null', with3rd({ ...renewal, startsAt: null })],
  ['a beginning on 30 February', with3rd({ ...renewal, startsAt: '2029-02-30T08:30:00Z' })],
  ['a beginning with an offset', with3rd({ ...renewal, startsAt: '2029-03-01T08:30:00+01:00' })],
  ['a beginning as a number', with3rd({ ...renewal, startsAt: 1867048200 })],
  ['a beginning of the whole document', { ...sample2, startsAt: renewal.startsAt }],
  ['an unknown member of a license', with3rd({ ...renewal, endsAt: renewal.expiresAt })],
  ['an unknown member', { ...sample2, note: 'x' }],
  ['the version in quotes', { ...sample2, formatVersion: '2' }],
  ['no content of a document', { formatVersion: 2, content: 'new' }],
];

/** License documents of format version 2, and how a reader of it takes those of version 1. */
export const document2Vectors = (): Vector[] =>
  [
    ...accepted(sample2, [
      ['valid: a renewal that begins later', genuine, none],
      [
        'valid, for this controller and of the serial in use',
        genuine,
        { ...none, installCode: sample.installCode, minimumSerial: sample.serial },
      ],
      [
        'valid, clock before issue: terms count from the time of issue on',
        genuine,
        { ...none, clock: '1970-01-01T00:00:00.000Z', timeAtLeast: sample.issuedAt },
      ],
    ]),
    ...accepted(with3rd(remoteCms), [['valid: a remote CMS that begins later', signed(with3rd(remoteCms)), none]]),
    ...accepted({ ...sample2, licenses: sample.licenses }, [
      ['valid without any beginning', signed({ ...sample2, licenses: sample.licenses }), none],
    ]),
    ...accepted(sample, [['valid: version 1', signer.sign(sample), none]]),
    ...refused('wrong_controller', [['wrong controller', genuine, { installCode: '0302E1C2A8F40012' }]]),
    ...refused('superseded', [['superseded serial', genuine, { minimumSerial: sample.serial + 1 }]]),
    ...refused('signature_invalid', [
      ['altered: the renewal begins at once', withPayload(genuine, with3rd({ ...renewal, startsAt: sample.issuedAt }))],
      ['altered: its beginning left out', withPayload(genuine, with3rd({ ...renewal, startsAt: undefined }))],
      ['altered: version 1', withPayload(genuine, { ...sample2, formatVersion: 1 })],
    ]),
    ...refused('malformed', [
      ['duplicate keys in a license', signed(repeated(sample2, 'startsAt', sample.issuedAt))],
      ['white space in the payload', signed(JSON.stringify(sample2, null, 1))],
      ['a needless escape', signed(json.replace('"issuer":"S', '"issuer":"\\u0053'))],
      ...faults.map(([fault, document]): [string, string] => [`genuinely signed, with ${fault}`, signed(document)]),
    ]),
    ...refused('unsupported_version', [['a later format version', signed({ formatVersion: 3, content: 'new' })]]),
  ].map((vector) => ({ root: 'root', ...vector }));
