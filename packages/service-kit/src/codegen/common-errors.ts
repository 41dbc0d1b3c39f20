import { PROBLEMS, type ProblemCode } from '@smartserver/contracts';
import { PROBLEM_CONTENT_TYPE } from '../http/problems.ts';
import { codesIn, hasHeader } from './faults.ts';
import { type Document, type DocumentOperation, operationsOf, type Response, sorted } from './schema.ts';

type CommonError = {
  /** Its name among the document's responses. */
  name: string;
  /** All of one status. */
  codes: readonly ProblemCode[];
  when: (operation: DocumentOperation) => boolean;
  /** Whether an operation refers to it, instead of writing it out. Both say the same: the published document keeps its form. */
  byReference?: boolean;
};

const isSignedIn = (operation: DocumentOperation): boolean => (operation.security?.length ?? 0) > 0;
const hasBody = (operation: DocumentOperation): boolean => operation.requestBody !== undefined;
const takesHeader = (name: string) => (operation: DocumentOperation) => hasHeader(operation, name);
const always = (): boolean => true;

/** What any operation of a kind can answer. Routes list only the codes that are their own. */
const COMMON_ERRORS: readonly CommonError[] = [
  { name: 'BadRequest', codes: ['validation_failed', 'malformed_request'], when: always },
  { name: 'Unauthenticated', codes: ['unauthenticated'], when: isSignedIn },
  { name: 'ScopeMissing', codes: ['scope_missing'], when: isSignedIn },
  { name: 'PreconditionFailed', codes: ['precondition_failed'], when: takesHeader('If-Match') },
  { name: 'PreconditionRequired', codes: ['precondition_required'], when: takesHeader('If-Match') },
  { name: 'PayloadTooLarge', codes: ['payload_too_large'], when: hasBody, byReference: true },
  { name: 'UnsupportedMediaType', codes: ['unsupported_media_type'], when: hasBody, byReference: true },
  { name: 'IdempotencyKeyReused', codes: ['idempotency_key_reused'], when: takesHeader('Idempotency-Key') },
  { name: 'RateLimited', codes: ['rate_limited'], when: always, byReference: true },
  { name: 'Unavailable', codes: ['unavailable'], when: always, byReference: true },
];

const statusOf = (error: CommonError): string => String(PROBLEMS[error.codes[0] as ProblemCode].status);

const responseOf = (codes: readonly string[]): Response => ({
  description: codes.join(', '),
  content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
});

const CATALOGUE = Object.keys(PROBLEMS);

/** An operation's own codes in its own order, each common one before the first that comes later in the catalogue. */
const merge = (own: readonly string[], common: readonly string[]): string[] => {
  const merged = [...own];
  for (const code of common) {
    const at = merged.findIndex((other) => CATALOGUE.indexOf(other) > CATALOGUE.indexOf(code));
    merged.splice(at < 0 ? merged.length : at, 0, code);
  }
  return merged;
};

export const commonResponses = (): Record<string, Response> =>
  Object.fromEntries(COMMON_ERRORS.map((error) => [error.name, responseOf(error.codes)]));

/** Adds the common errors to every operation. A route that lists one of them as well changes nothing. */
export const addCommonErrors = (document: Document): void => {
  document.components.responses = commonResponses();
  for (const { operation } of operationsOf(document)) {
    for (const error of COMMON_ERRORS.filter(({ when }) => when(operation))) {
      const { name, codes } = error;
      const own = codesIn(operation.responses[statusOf(error)]?.description).filter(
        (code) => !(codes as readonly string[]).includes(code),
      );
      operation.responses[statusOf(error)] =
        own.length === 0 && error.byReference === true
          ? { $ref: `#/components/responses/${name}` }
          : responseOf(merge(own, codes));
    }
    operation.responses = sorted(operation.responses);
  }
};
