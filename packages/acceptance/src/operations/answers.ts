import { PROBLEMS, type Problem, type ProblemCode } from '@smartserver/contracts';
import { withoutRequestId } from '@smartserver/testing';
import { faultsOf } from './contract.ts';
import type { DocumentedOperation } from './document.ts';
import type { Answer } from './http.ts';

/** Different in each answer, whatever was asked. */
const CHANGING = /^(date|x-request-id|traceparent|ratelimit-.*|x-ratelimit-.*|keep-alive)$/;

/** The answer without what is different each time: two that are equal by this are the same to a caller. */
export const comparable = ({ status, headers, text }: Answer) => ({
  status,
  headers: Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name, CHANGING.test(name) ? '…' : value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ),
  text: withoutRequestId(text),
});

/** What an answer of 400 and more lacks of being a problem of the catalogue; empty where nothing. */
export const problemFaults = (answer: Answer): string[] => {
  const { status, headers, text } = answer;
  const mediaType = String(headers['content-type']).split(';')[0];
  const problem = /json$/.test(mediaType ?? '') ? (JSON.parse(text) as Problem & { error?: string }) : null;
  // OAuth clients read an error as RFC 6749 (5.2) writes it: plain JSON with a field `error`.
  const expected = problem?.error === undefined ? 'application/problem+json' : 'application/json';
  if (problem === null || mediaType !== expected) return [`${status} is ${mediaType}: ${text.slice(0, 200)}`];
  const known = (PROBLEMS as Record<string, { status: number; title: string } | undefined>)[problem.code];
  if (known === undefined) return [`the code ${problem.code} is not in the catalogue`];
  return [
    ...(known.status === status && problem.status === status ? [] : [`${problem.code} came with ${status}`]),
    ...(problem.title === known.title ? [] : [`${problem.code} has another title`]),
    ...(problem.type === `/problems/${problem.code}` ? [] : [`${problem.code} has the type ${problem.type}`]),
    ...(problem.instance === headers['x-request-id'] ? [] : [`${problem.code} does not name its request`]),
    ...(problem.detail ? [] : [`${problem.code} has no detail`]),
  ];
};

export const codeOf = (answer: Answer): ProblemCode | null =>
  answer.status < 400 ? null : ((JSON.parse(answer.text) as Problem).code as ProblemCode);

/** What an answer below 400 has that the document does not promise; empty where nothing. */
export const contractFaults = (operation: DocumentedOperation, { status, headers, text }: Answer): string[] => {
  const schema = operation.answers.get(status);
  if (schema === undefined) return [`${status} is not documented`];
  if (schema === null) return text === '' || status !== 204 ? [] : ['204 has a body'];
  if (!String(headers['content-type']).startsWith('application/json'))
    return [`${status} is ${headers['content-type']}`];
  return faultsOf(schema, JSON.parse(text));
};

/** A problem that the document does not announce for the operation. */
export const undocumented = ({ problems, body }: DocumentedOperation, answer: Answer): string[] => {
  const code = codeOf(answer);
  // Who sends a body to an operation that has none does not read the document.
  if (body === null && (code === 'payload_too_large' || code === 'unsupported_media_type')) return [];
  // An address in pieces is no operation's.
  if (code === null || code === 'not_found' || problems.get(answer.status)?.includes(code)) return [];
  return [`${answer.status} ${code} is not documented`];
};
