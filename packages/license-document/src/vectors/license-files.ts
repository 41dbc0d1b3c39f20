import { writeLicenseFile } from '../license-file.ts';
import { createRequestFile } from '../request-file.ts';
import { armourVectors } from './armour-vectors.ts';
import { documentHeader, jwsIn, keys, rawArmour, rawJws, repeated, sample, signer, withPayload } from './craft.ts';
import { accepted, refused, type Vector } from './vector.ts';

const jws = signer.sign(sample);
const file = writeLicenseFile({ jws });
const other = writeLicenseFile({ jws: signer.sign({ ...sample, installCode: '0302E1C2A8F40012' }) });
const rich = { ...sample, licenses: sample.licenses.map((license) => ({ ...license, deviceCount: 9999 })) };
const tampered = withPayload(jws, rich);
const request = createRequestFile({
  deviceKey: keys.device,
  installCode: sample.installCode,
  segmentName: 'Building 1',
  softwareVersion: '4.40.012',
  serial: 12,
  createdAt: new Date('2026-03-02T09:00:00.000Z'),
  nonce: 'n-1',
});
const signed = (content: unknown) => rawArmour(file, rawJws(documentHeader, content, keys.signing));

/** License files: read, then the document in them verified. */
export const licenseFileVectors = (): Vector[] =>
  [
    ...accepted(sample, [
      ['valid', file],
      ['valid, with the line ends of Windows', file.replaceAll('\n', '\r\n')],
      ['valid, with a byte order mark, and blank lines at its end', `\ufeff${file}\n \n`],
      ['valid, without the last line end', file.trimEnd()],
    ]),
    ...armourVectors(file, other),
    ...refused('wrong_controller', [['wrong controller', file, { installCode: '0302E1C2A8F40012' }]]),
    ...refused('superseded', [['superseded serial', file, { minimumSerial: sample.serial + 1 }]]),
    ...refused('root_unknown', [['wrong root', file, { root: 'stranger' }]]),
    ...refused('signature_invalid', [
      ['block altered and the text with it', writeLicenseFile({ jws: tampered })],
      ['signed by a stranger', rawArmour(file, rawJws(documentHeader, sample, keys.stranger))],
    ]),
    ...refused('head_mismatch', [['block altered and not the text', rawArmour(file, tampered)]]),
    ...refused('malformed', [
      ['duplicate keys in the block', signed(repeated(sample, 'serial', 99))],
      ['genuinely signed, with a negative serial', signed({ ...sample, serial: -1 })],
      ['a request in the block', rawArmour(file, jwsIn(request))],
      ['a request instead of a license', request],
    ]),
    ...refused('unsupported_version', [['a later format version in the block', signed({ formatVersion: 2 })]]),
  ].map((vector) => ({ root: 'root', ...vector }));
