import type { Tsoa } from '@tsoa/runtime';
import type { ArgumentSource, Operation } from '../http/operation.ts';
import { type Document, isErrorStatus, operationsOf } from './schema.ts';

const SOURCES: readonly string[] = ['path', 'query', 'header', 'body', 'request'] satisfies ArgumentSource[];

const isSource = (text: string): text is ArgumentSource => SOURCES.includes(text);

const argumentOf = (operationId: string, parameter: Tsoa.Parameter): Operation['arguments'][number] => {
  if (!isSource(parameter.in)) throw new Error(`${operationId}: arguments from ${parameter.in} are not supported`);
  return { in: parameter.in, name: parameter.name };
};

const scopesOf = (operationId: string, security: Record<string, string[]>[]): readonly string[] | null => {
  const [first, ...others] = security;
  if (first === undefined) return null;
  const scopes = first.oauth2;
  if (scopes === undefined || others.length > 0)
    throw new Error(`${operationId}: exactly one @Security('oauth2', […])`);
  return scopes;
};

/** What the server needs of each operation: where it is in the document, and which method of which class it calls. */
export const listOperations = (document: Document, metadata: Tsoa.Metadata): Operation[] => {
  const methods = metadata.controllers.flatMap(({ name, methods }) =>
    methods.map((method) => ({ routes: name, method })),
  );
  return operationsOf(document).map(({ path, method: httpMethod, operation }) => {
    const { operationId } = operation;
    const found = methods.filter(({ method }) => method.name === operationId);
    const [one] = found;
    if (one === undefined || found.length > 1)
      throw new Error(`${operationId}: one method of one class has the name of an operation`);
    const declared = Object.keys(operation.responses).filter((status) => !isErrorStatus(status));
    return {
      operationId,
      routes: one.routes,
      httpMethod: httpMethod.toUpperCase(),
      path,
      arguments: one.method.parameters.map((parameter) => argumentOf(operationId, parameter)),
      successStatus: one.method.successStatus ?? Number(declared[0]),
      scopes: scopesOf(operationId, operation.security ?? []),
    };
  });
};

/** Source of `src/generated/operations.ts`. */
export const renderOperations = (operations: readonly Operation[], kit = '@smartserver/service-kit'): string =>
  [
    '// Written by `npm run generate` from the routes. Do not edit.',
    `import type { Operation } from '${kit}';`,
    '',
    `export const operations: Operation[] = ${JSON.stringify(operations, null, 2)};`,
    '',
  ].join('\n');
