import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCOPES } from '@smartserver/contracts';
import { generateSpec } from '@tsoa/cli';
import type { Swagger, Tsoa } from '@tsoa/runtime';

export type Extracted = { spec: Swagger.Spec3; metadata: Tsoa.Metadata };

type CompilerOptions = NonNullable<Parameters<typeof generateSpec>[1]>;

/** As tsconfig.base.json has them. tsoa brings a compiler of its own, whose enumerations these numbers are. */
const COMPILER_OPTIONS: CompilerOptions = {
  target: 99, // ESNext
  module: 199, // NodeNext
  moduleResolution: 99, // NodeNext
  // Types of the other packages come from their sources: nothing needs to be built first.
  customConditions: ['source'],
  allowImportingTsExtensions: true,
  experimentalDecorators: true,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  types: ['node'],
};

const SECURITY = {
  oauth2: {
    type: 'oauth2' as const,
    description: 'Access token of any sign-in; partner integrations get theirs by client credentials.',
    flows: { clientCredentials: { tokenUrl: '/v1/auth/token', scopes: { ...SCOPES } as Record<string, string> } },
  },
};

/** Also where this file was compiled to `dist`: tsoa reads sources. */
const PROBLEM_ROUTE = join(import.meta.dirname, '../../src/codegen/problem.route.ts');

/**
 * Reads route classes with tsoa's own generator, whose parts for other frameworks are not used [architecture.md decision 1].
 * @param options.routes globs of their files
 */
export const extract = async (options: {
  title: string;
  version: string;
  routes: readonly string[];
}): Promise<Extracted> => {
  const directory = await mkdtemp(join(tmpdir(), 'openapi-'));
  const config = {
    entryFile: '',
    controllerPathGlobs: [PROBLEM_ROUTE, ...options.routes],
    noImplicitAdditionalProperties: 'throw-on-extras' as const,
    outputDirectory: directory,
    specVersion: 3 as const,
    name: options.title,
    version: options.version,
    securityDefinitions: SECURITY,
    operationIdTemplate: '{{method.name}}',
  };
  try {
    const metadata = await generateSpec(config, COMPILER_OPTIONS);
    metadata.controllers = metadata.controllers.filter((controller) => controller.name !== 'ProblemRoutes');
    repair(metadata);
    await generateSpec(config, COMPILER_OPTIONS, [], metadata);
    return { spec: JSON.parse(await readFile(join(directory, 'swagger.json'), 'utf8')), metadata };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/**
 * What tsoa 6.6 reads wrongly: the fields of an object type come in reverse order, and `@uniqueItems` loses its value, so that
 * the document would not have it at all.
 */
const repair = (value: unknown, seen = new Set<object>()): void => {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if ('dataType' in value && value.dataType === 'nestedObjectLiteral' && 'properties' in value) {
    if (Array.isArray(value.properties)) value.properties.reverse();
  }
  if ('uniqueItems' in value && typeof value.uniqueItems === 'object' && value.uniqueItems !== null) {
    Object.assign(value.uniqueItems, { value: true });
  }
  for (const part of Object.values(value)) repair(part, seen);
};
