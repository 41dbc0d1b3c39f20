import type { Problem } from '@smartserver/contracts';
import fc from 'fast-check';
import { contractFaults, problemFaults, undocumented } from './answers.ts';
import { arbitraryOf, type KnownValues } from './arbitraries.ts';
import type { DocumentedOperation, Parameter } from './document.ts';
import type { Estate } from './estate.ts';
import { type Answer, type Parts, requestOf, type Sent } from './http.ts';

/** What the estate has, by the names that fields and parameters have: without it every request would end in a 404. */
export const knownValuesOf = ({ foreign: mine, sibling, login, client }: Estate): KnownValues => ({
  partnerId: [mine.partnerId],
  customerId: [mine.customerId, sibling.customerId],
  contactId: [mine.contactId()],
  licenseId: [mine.active, mine.returnable, mine.assigned(), mine.inventory()],
  renews: [mine.maintenance()],
  installCode: [mine.installCode, sibling.installCode],
  changeId: [mine.changeId],
  offlineActivationId: [mine.offline.id],
  receipt: [mine.offline.receipt],
  clientId: [mine.clientId()],
  endpointId: [mine.webhook.endpointId],
  deliveryId: [mine.webhook.deliveryId],
  url: ['https://integrator.example/hooks', 'https://10.1.2.3/hooks'],
  client_id: [client.clientId],
  client_secret: [client.clientSecret],
  scope: ['licenses:read', 'licenses:read customers:read'],
  email: [login.email],
  password: [login.password],
  // Few enough that a dose stays a dose.
  quantity: [1, 2],
  deviceCount: [4, 6, 10],
  deviceCounts: [[4, 6]],
  'If-Match': ['*', '"1"', '"2"'],
});

/** Ids of both, mixed at will; what one signs in with stays the first's. */
export const mixedValuesOf = (estate: Estate, other: Estate): KnownValues => {
  const theirs = knownValuesOf(other);
  const ids = [
    'partnerId',
    'customerId',
    'contactId',
    'licenseId',
    'renews',
    'installCode',
    'changeId',
    'clientId',
    'endpointId',
    'deliveryId',
    'offlineActivationId',
    'receipt',
  ];
  const mine = knownValuesOf(estate);
  return { ...mine, ...Object.fromEntries(ids.map((id) => [id, [...(mine[id] ?? []), ...(theirs[id] ?? [])]])) };
};

/** Node sends no other characters in a header. */
const visible = (text: string): string => text.replaceAll(/[^!-~]/g, '-');

/** Requests that the document allows. */
export const validRequests = (
  operation: DocumentedOperation,
  known: KnownValues,
  token: string | null,
): fc.Arbitrary<Sent> => {
  const values = (place: Parameter['in']) => {
    const parameters = operation.parameters.filter((parameter) => parameter.in === place);
    const fields = Object.fromEntries(
      parameters.map(({ name, schema }) => {
        const value = arbitraryOf(schema, known, name).map(String);
        return [name, place === 'header' ? value.map(visible) : value] as const;
      }),
    );
    return fc.record(fields, { requiredKeys: parameters.filter(({ required }) => required).map(({ name }) => name) });
  };
  const body = operation.body === null ? fc.constant(undefined) : arbitraryOf(operation.body.schema, known);
  return fc
    .record({ path: values('path'), query: values('query'), headers: values('header'), body })
    .map((parts) => requestOf(operation, parts as Parts, token));
};

/** Requests that no sensible client sends. */
export const wildRequests = (operation: DocumentedOperation, token: string | null): fc.Arbitrary<Sent> => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const path = fc.array(text, { minLength: 5, maxLength: 5 });
  const query = fc.dictionary(text, text, { maxKeys: 4 });
  const body = fc.oneof(
    fc.json(),
    fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(undefined),
  );
  return fc.record({ path, query, body }).map(({ path: parts, query: fields, body: bytes }) => {
    const named = Object.fromEntries(
      operation.parameters
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }, at) => [name, parts[at] ?? '']),
    );
    const sent = requestOf(operation, { path: named, query: fields }, token);
    const headers = { ...sent.headers, ...(bytes === undefined ? {} : { 'content-type': 'application/json' }) };
    return { ...sent, headers, ...(bytes === undefined ? {} : { body: bytes }) };
  });
};

/** What is wrong with an answer, whatever the request was. */
export const answerFaults = (operation: DocumentedOperation, answer: Answer): string[] => {
  if (answer.status >= 500) return [`${answer.status} ${answer.text.slice(0, 300)}`];
  if (answer.status < 400) return contractFaults(operation, answer);
  return [...problemFaults(answer), ...undocumented(operation, answer)];
};

/** A request that the document allows may be refused for what it says, with the place; not for how it says it. */
export const refusalFaults = ({ status, text }: Answer): string[] => {
  const { code, errors = [] } = status === 400 ? (JSON.parse(text) as Problem) : { code: '' };
  return code === 'malformed_request' || (code === 'validation_failed' && errors.length === 0)
    ? [`${code} of a valid request`]
    : [];
};
