import { PROBLEMS, type Problem } from '@smartserver/contracts';
import type { DocumentError, DocumentErrorCode, FileError, FileErrorCode } from '@smartserver/license-document';

/** Why a command could not do what it was asked to: for the Owner to read, and with a code for machines. */
export class CmsProblem extends Error {
  override readonly name = 'CmsProblem';
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly advice: string;
  /** What is wrong with each single item, where there are several. */
  readonly items: readonly string[];

  constructor(content: { code: string; title: string; detail: string; advice: string; items?: readonly string[] }) {
    super(content.title);
    this.code = content.code;
    this.title = content.title;
    this.detail = content.detail;
    this.advice = content.advice;
    this.items = content.items ?? [];
  }
}

/** Whether an answer is a problem of the cloud (RFC 9457 with our `code`). */
export const isProblem = (body: unknown): body is Problem => {
  const { title, code } = (body ?? {}) as Partial<Problem>;
  return typeof title === 'string' && typeof code === 'string';
};

/** @param licenseIds what was sent as `licenseIds`: the cloud names them by position and never repeats a value */
export const cloudProblem = (problem: Problem, licenseIds: readonly string[] = []): CmsProblem => {
  const known = Object.hasOwn(PROBLEMS, problem.code) ? PROBLEMS[problem.code as keyof typeof PROBLEMS] : null;
  const items = (problem.errors ?? []).map(({ pointer, detail }) => {
    const position = /^\/licenseIds\/(\d+)$/.exec(pointer)?.[1];
    const licenseId = position === undefined ? undefined : licenseIds[Number(position)];
    return `${licenseId === undefined ? pointer : `License ${licenseId}`}: ${detail}`;
  });
  const advice = known?.advice ?? 'Update the software of this SmartServer.';
  return new CmsProblem({ code: problem.code, title: problem.title, detail: problem.detail, advice, items });
};

const fetchAgain = 'Run the licenses command to fetch the newest document from the cloud.';

const documentAdvice: Readonly<Record<DocumentErrorCode, string>> = {
  malformed: fetchAgain,
  signature_invalid: fetchAgain,
  superseded: fetchAgain,
  certificate_invalid: 'Contact EnOcean Customer Success.',
  certificate_expired: 'Contact EnOcean Customer Success.',
  revocations_invalid: 'Contact EnOcean Customer Success.',
  key_revoked: 'Get a new document: run the licenses command, or download the license file again.',
  root_unknown:
    'Compare the fingerprint of the root key with the one that EnOcean publishes, then link with --root-key.',
  unsupported_version: 'Update the software of this SmartServer.',
  wrong_controller: 'Check the install code on the label of this SmartServer.',
};

/** A license document that must not be used; what was stored before stays in use. */
export const refusedDocument = (error: DocumentError): CmsProblem =>
  new CmsProblem({
    code: `document_${error.code}`,
    title: 'The license document was refused',
    detail: `${error.message} The stored document stays as it was.`,
    advice: documentAdvice[error.code],
  });

type Refusal = { code: string; title: string; advice: string };

/** In the words of the cloud, which refuses the same things. */
const alike = (code: 'file_wrong_controller' | 'file_superseded' | 'file_signature_invalid'): Refusal => {
  const { title, advice } = PROBLEMS[code];
  return { code, title, advice };
};
const notGenuine = alike('file_signature_invalid');
const later: Refusal = {
  code: 'file_unsupported_version',
  title: 'The license file is of a later format',
  advice: 'Update the software of this SmartServer.',
};

const fileRefusals: Readonly<Record<DocumentErrorCode | FileErrorCode, Refusal>> = {
  too_large: {
    code: 'file_too_large',
    title: 'The file is too large to be a license file',
    advice: 'Check the name of the file. A license file ends in .lic.',
  },
  truncated: {
    code: 'file_truncated',
    title: 'The license file is not complete',
    advice: 'Copy or download the file again.',
  },
  malformed: {
    code: 'file_malformed',
    title: 'This is not a license file, or it is damaged',
    advice: 'Check the name of the file, or download it again. A license file ends in .lic.',
  },
  head_mismatch: {
    code: 'file_head_mismatch',
    title: 'The text of the license file was changed',
    advice: 'Download the file again; do not edit it.',
  },
  unsupported_version: later,
  signature_invalid: notGenuine,
  certificate_invalid: notGenuine,
  certificate_expired: notGenuine,
  revocations_invalid: notGenuine,
  root_unknown: {
    ...notGenuine,
    advice: 'Compare the fingerprint of the root key, which init and link print, with the one that EnOcean publishes.',
  },
  key_revoked: {
    code: 'file_key_revoked',
    title: 'The key that signed the license file was revoked',
    advice: 'Download the license file again: it is signed with the new key then.',
  },
  wrong_controller: alike('file_wrong_controller'),
  superseded: alike('file_superseded'),
};

/** A license file that must not be used. */
export const refusedFile = (error: DocumentError | FileError): CmsProblem =>
  new CmsProblem({ ...fileRefusals[error.code], detail: `${error.message} Nothing was changed here.` });

const uploadFirst =
  'Upload the receipt in the License Customer Portal (return --offline with the License ID makes it again)';

/** @param serial of the offline return */
export const fileBeforeReturn = (serial: number): CmsProblem => {
  const detail = `Licenses were returned offline with serial ${serial}, and it was made before the cloud knew. Nothing was changed here.`;
  return new CmsProblem({
    ...alike('file_superseded'),
    detail,
    advice: `${uploadFirst}, then get a new file for this SmartServer, best with a new request file.`,
  });
};

/** The cloud does not know of an offline return yet. @param serial of that return */
export const receiptUnanswered = (serial: number): CmsProblem =>
  new CmsProblem({
    code: 'receipt_unanswered',
    title: 'The cloud does not know yet which licenses were returned offline',
    detail: `Its newest license document is from before the return with serial ${serial}. The stored document stays as it was.`,
    advice: `${uploadFirst}, then run this command again.`,
  });

export const notLinked = (detail = 'Its folder holds no settings.') =>
  new CmsProblem({
    code: 'not_linked',
    title: 'This SmartServer is not linked to a Customer ID yet',
    detail,
    advice: 'Run the link command first, or init where there is no network.',
  });

/** @param installCode of the SmartServer that the folder belongs to */
export const otherSmartServer = (installCode: string) =>
  new CmsProblem({
    code: 'other_smartserver',
    title: 'This folder belongs to another SmartServer',
    detail: `Its install code is ${installCode}. An install code is printed on the label and never changes.`,
    advice: 'Check the install code, or use another --folder for another SmartServer.',
  });
