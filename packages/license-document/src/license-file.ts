import { armour, type FileKind, requireSameText, unarmour } from './armour.ts';
import { requireVersion } from './certificate.ts';
import { checkDocument, type DocumentLicense, documentKind, formatVersions, type LicenseDocument } from './document.ts';
import { DocumentError, FileError, FormatError } from './errors.ts';
import { openJws, parseStrictJson } from './jws.ts';

/** Greatest length of a `.lic` file in characters, which are all ASCII: 1 MiB. */
export const maxLicenseFileLength = 1024 * 1024;

const title = (formatVersion: number) => `SmartServer license file, format ${formatVersion}`;
const kind: FileKind = {
  what: 'SmartServer license file',
  title: title(1),
  otherTitle: title(2),
  label: 'SMARTSERVER LICENSE',
  maxLength: maxLicenseFileLength,
};

/**
 * Writes the `.lic` file of a signed license document: the offline activation file. Same document, same bytes.
 * @param options `jws`: what `Signer.sign` gave
 * @returns ASCII text, at most 1 MiB
 * @throws FileError `malformed` for something else than a license document, `too_large`, `unsupported_version`
 */
export const writeLicenseFile = (options: { jws: string }): string => {
  const content = contentOf(options.jws);
  return armour({ ...kind, title: title(content.formatVersion) }, head(content), options.jws);
};

/**
 * Takes the signed document out of a `.lic` file and checks that the text around it says the same. It proves nothing: the
 * document is still to be verified with `verifyDocument`.
 * @throws FileError `too_large`, `truncated`, `malformed` or `head_mismatch`; nothing else
 */
export const readLicenseFile = (text: string): { jws: string } => {
  const file = unarmour(kind, text);
  try {
    requireSameText(kind, file.text, writeLicenseFile(file));
  } catch (error) {
    // Only the signature can distinguish a later format from a forgery, so `verifyDocument` has to say which it is.
    if (!(error instanceof FileError && error.code === 'unsupported_version')) throw error;
  }
  return { jws: file.jws };
};

/** What the document says, not verified: good for a description only. */
const contentOf = (jws: string): LicenseDocument => {
  try {
    const document = parseStrictJson(openJws(jws, documentKind).payload, 'license document');
    requireVersion(document, formatVersions, 'license document');
    checkDocument(document);
    return document;
  } catch (error) {
    if (error instanceof FormatError) {
      throw new FileError('malformed', `The signed block is not a license document. ${error.message}`);
    }
    if (error instanceof DocumentError) throw new FileError('unsupported_version', error.message);
    throw error;
  }
};

/**
 * Frozen with format 1: files in the field are compared with it. Better words need a new format beside this one. The issuer,
 * which is free text, is left out, so that nothing but what this package writes can stand here.
 */
const head = (document: LicenseDocument): string[] => [
  `Controller:   ${document.installCode}`,
  `Customer ID:  ${document.customerId}`,
  `Serial:       ${document.serial}`,
  `Issued:       ${document.issuedAt}`,
  `Licenses:     ${document.licenses.length}`,
  ...document.licenses.map((license) => `  ${inWords(license)}`),
  '',
  'This file activates the licenses above on the SmartServer with this install code, and on no other.',
  'It replaces every file with a lower serial.',
  '',
  'To import it, open Manage Licenses in the CMS of the SmartServer and add the license from this file.',
  'No Internet connection is needed. Do not edit the file: the text above describes the signed block below,',
  'and a file whose text and block differ is refused.',
];

const inWords = ({ licenseId, kind, deviceCount, startsAt, expiresAt }: DocumentLicense): string => {
  const begins = startsAt === undefined ? '' : `from ${startsAt} `;
  const ends = expiresAt === null ? 'never expires' : `until ${expiresAt}`;
  return `${licenseId}  ${kind}, devices: ${deviceCount}, ${begins}${ends}`;
};
