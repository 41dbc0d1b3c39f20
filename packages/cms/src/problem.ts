import { PROBLEMS, type Problem } from '@smartserver/contracts';
import type { DocumentError, DocumentErrorCode } from '@smartserver/license-document';

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
export function isProblem(body: unknown): body is Problem {
  const { title, code } = (body ?? {}) as Partial<Problem>;
  return typeof title === 'string' && typeof code === 'string';
}

/** @param licenseIds what was sent as `licenseIds`: the cloud names them by position and never repeats a value */
export function cloudProblem(problem: Problem, licenseIds: readonly string[] = []): CmsProblem {
  const known = Object.hasOwn(PROBLEMS, problem.code) ? PROBLEMS[problem.code as keyof typeof PROBLEMS] : null;
  const items = (problem.errors ?? []).map(({ pointer, detail }) => {
    const position = /^\/licenseIds\/(\d+)$/.exec(pointer)?.[1];
    const licenseId = position === undefined ? undefined : licenseIds[Number(position)];
    return `${licenseId === undefined ? pointer : `License ${licenseId}`}: ${detail}`;
  });
  const advice = known?.advice ?? 'Update the software of this SmartServer.';
  return new CmsProblem({ code: problem.code, title: problem.title, detail: problem.detail, advice, items });
}

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
export function refusedDocument(error: DocumentError): CmsProblem {
  return new CmsProblem({
    code: `document_${error.code}`,
    title: 'The license document was refused',
    detail: `${error.message} The stored document stays as it was.`,
    advice: documentAdvice[error.code],
  });
}

export const notLinked = () =>
  new CmsProblem({
    code: 'not_linked',
    title: 'This SmartServer is not linked to a Customer ID yet',
    detail: 'Its folder holds no settings.',
    advice: 'Run the link command first.',
  });
