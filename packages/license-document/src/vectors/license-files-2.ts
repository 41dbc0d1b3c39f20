import { writeLicenseFile } from '../license-file.ts';
import { armourVectors } from './armour-vectors.ts';
import { documentHeader, keys, rawArmour, rawJws, sample, signer, withPayload } from './craft.ts';
import { sample2 } from './documents-2.ts';
import { accepted, refused, type Vector } from './vector.ts';

const jws = signer.sign(sample2);
const file = writeLicenseFile({ jws });
const file1 = writeLicenseFile({ jws: signer.sign(sample) });
const other = writeLicenseFile({ jws: signer.sign({ ...sample2, installCode: '0302E1C2A8F40012' }) });
const atOnce = sample2.licenses.map(({ startsAt: _, ...license }) => license);
const tampered = withPayload(jws, { ...sample2, licenses: atOnce });
const signed = (content: unknown) => rawArmour(file, rawJws(documentHeader, content, keys.signing));

/** License files of format version 2, and how a reader of it takes those of version 1. */
export const licenseFile2Vectors = (): Vector[] =>
  [
    ...accepted(sample2, [
      ['valid', file],
      ['valid, with the line ends of Windows', file.replaceAll('\n', '\r\n')],
      ['valid, with a byte order mark, and blank lines at its end', `\ufeff${file}\n \n`],
    ]),
    ...accepted(sample, [['valid: version 1', file1]]),
    ...armourVectors(file, other),
    ...refused('wrong_controller', [['wrong controller', file, { installCode: '0302E1C2A8F40012' }]]),
    ...refused('superseded', [['superseded serial', file, { minimumSerial: sample.serial + 1 }]]),
    ...refused('signature_invalid', [['block altered and the text with it', writeLicenseFile({ jws: tampered })]]),
    ...refused('head_mismatch', [
      ['block altered and not the text', rawArmour(file, tampered)],
      ['the beginning of the renewal left out of the text', file.replace(/from \S+ until/, 'until')],
      ['version 1 under the title of version 2', file1.replace('format 1', 'format 2')],
    ]),
    ...refused('malformed', [['no document of version 2 in the block', signed({ formatVersion: 2 })]]),
    ...refused('unsupported_version', [['a later format version in the block', signed({ formatVersion: 3 })]]),
  ].map((vector) => ({ root: 'root', ...vector }));
