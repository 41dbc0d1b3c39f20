import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { composeGateway } from './gateway.ts';
import { generate } from './generate.ts';
import { renderOperations } from './operations.ts';
import type { Document } from './schema.ts';

const root = join(import.meta.dirname, '../../../..');
const servicesDirectory = join(root, 'services');
const openapi = (name: string): string => join(root, 'openapi', `${name}.json`);

const usage = `Usage: npm run generate [-- [--check] [service…]]

Writes openapi/<service>.json and services/<service>/src/generated/operations.ts from the routes of each service (or of those
named), and openapi/gateway.json from all of them. With --check it writes nothing, and exits with 1 if a committed file
differs.`;

/** Files of route classes: `<use-case>/route.ts`, or `<use-case>/<resource>.route.ts` where there are several. */
const ROUTE_FILES = ['route.ts', '*.route.ts'];
const isRouteFile = (path: string): boolean => /(^|[/.])route\.ts$/.test(path);

/** Services with routes, in the order of their names. */
const findServices = async (): Promise<string[]> => {
  const found: string[] = [];
  for (const name of (await readdir(servicesDirectory)).sort()) {
    const files = await readdir(join(servicesDirectory, name, 'src'), { recursive: true }).catch(() => []);
    if (files.some(isRouteFile)) found.push(name);
  }
  return found;
};

const toJson = (document: Document): string => `${JSON.stringify(document, null, 2)}\n`;

type Output = { path: string; text: string };

const generateService = async (service: string): Promise<{ outputs: Output[]; faults: string[] }> => {
  const { document, operations, faults } = await generate({
    title: `SmartServer License Management: ${service}`,
    version: '1.0.0',
    routes: ROUTE_FILES.map((file) => join(servicesDirectory, service, 'src/**', file)),
  });
  const source = join(servicesDirectory, service, 'src/generated/operations.ts');
  return {
    outputs: [
      { path: openapi(service), text: toJson(document) },
      { path: source, text: renderOperations(operations) },
    ],
    faults: faults.map((fault) => `${service}: ${fault}`),
  };
};

/** Documents of services that are not generated now, as they were generated last. */
const lastDocument = async (service: string): Promise<string | null> => {
  try {
    return await readFile(openapi(service), 'utf8');
  } catch {
    return null;
  }
};

const composeOutput = async (services: readonly string[], fresh: readonly Output[]): Promise<Output> => {
  const documents: { service: string; document: Document }[] = [];
  for (const service of services) {
    const text = fresh.find(({ path }) => path === openapi(service))?.text ?? (await lastDocument(service));
    if (text !== null) documents.push({ service, document: JSON.parse(text) });
  }
  return { path: openapi('gateway'), text: toJson(composeGateway(documents)) };
};

/** Whether the file was as it should be; makes it so unless only checking. */
const settle = async ({ path, text }: Output, check: boolean): Promise<boolean> => {
  const current = await readFile(path, 'utf8').catch(() => null);
  if (current === text) return true;
  console.log(`${relative(root, path)} ${check ? 'is not up to date: run npm run generate' : 'written'}`);
  if (!check) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return false;
};

const main = async (args: readonly string[]): Promise<number> => {
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const check = args.includes('--check');
  const named = args.filter((argument) => !argument.startsWith('--'));
  const all = await findServices();
  for (const service of named) await access(join(servicesDirectory, service));
  const outputs: Output[] = [];
  const faults: string[] = [];
  for (const service of named.length > 0 ? named : all) {
    const result = await generateService(service);
    outputs.push(...result.outputs);
    faults.push(...result.faults);
  }
  outputs.push(await composeOutput(all, outputs));
  let upToDate = true;
  for (const output of outputs) upToDate = (await settle(output, check)) && upToDate;
  for (const fault of faults) console.error(fault);
  return faults.length > 0 || (check && !upToDate) ? 1 : 0;
};

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
