import { PROBLEMS, SCOPES } from '@smartserver/contracts';
import { createAjv } from '../http/validation.ts';
import {
  type Document,
  type DocumentOperation,
  isErrorStatus,
  type MediaType,
  operationsOf,
  reachable,
  type Schema,
} from './schema.ts';

/** What a document lacks of what api.md asks of every operation, in one sentence each. */
export const faultsOf = (document: Document): string[] =>
  operationsOf(document).flatMap(({ operation }) =>
    [
      ...describedFaults(operation),
      ...errorFaults(operation),
      ...exampleFaults(operation, document.components.schemas),
    ].map((fault) => `${operation.operationId}: ${fault}`),
  );

const describedFaults = (operation: DocumentOperation): string[] => {
  const faults: string[] = [];
  if (operation.summary === undefined) faults.push('say in a comment what it does');
  if (operation.tags?.length !== 1) faults.push('give its routes one tag');
  if (!/^[a-z][A-Za-z0-9]*$/.test(operation.operationId))
    faults.push('its id, the name of its method, is not camelCase');
  for (const scope of operation.security?.flatMap((requirement) => requirement.oauth2 ?? []) ?? []) {
    if (!Object.hasOwn(SCOPES, scope)) faults.push(`there is no scope ${scope}`);
  }
  return faults;
};

export const hasHeader = (operation: DocumentOperation, name: string): boolean =>
  operation.parameters?.some((parameter) => parameter.in === 'header' && parameter.name === name) ?? false;

const catalogue: Readonly<Record<string, { status: number }>> = PROBLEMS;

/** Codes that an error answer lists in its description. */
export const codesIn = (description = ''): string[] => description.split(/[\s,]+/).filter((word) => word !== '');

const errorFaults = (operation: DocumentOperation): string[] =>
  Object.entries(operation.responses)
    .filter(([status]) => isErrorStatus(status))
    .flatMap(([status, { description }]) =>
      codesIn(description)
        .filter((code) => catalogue[code]?.status !== Number(status))
        .map((code) => `"${code}" is no problem code with the status ${status}`),
    );

/** Examples must be valid: readers copy them. */
const exampleFaults = (operation: DocumentOperation, schemas: Record<string, Schema>): string[] => {
  const media = [
    ...Object.values(operation.requestBody?.content ?? {}),
    ...Object.entries(operation.responses)
      .filter(([status]) => !isErrorStatus(status))
      .flatMap(([, response]) => Object.values(response.content ?? {})),
  ];
  return media.flatMap((one) => examplesOf(one).flatMap((example) => refusalOf(example, one.schema, schemas)));
};

const examplesOf = (media: MediaType): unknown[] => [
  ...(media.example === undefined ? [] : [media.example]),
  ...Object.values(media.examples ?? {}).map(({ value }) => value),
];

const refusalOf = (example: unknown, schema: Schema | undefined, schemas: Record<string, Schema>): string[] => {
  if (schema === undefined || [...reachable(schema, schemas)].some((part) => part.format === 'binary')) return [];
  const ajv = createAjv(false).addKeyword('components');
  const validate = ajv.compile({ ...schema, components: { schemas } });
  if (validate(structuredClone(example))) return [];
  const [error] = validate.errors ?? [];
  return [`its example does not fit: ${error?.instancePath || 'it'} ${error?.message}. Give an @example`];
};
