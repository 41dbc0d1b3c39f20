import type { Operation } from '../http/operation.ts';
import { finish } from './document.ts';
import { faultsOf } from './faults.ts';
import { listOperations } from './operations.ts';
import type { Document } from './schema.ts';
import { extract } from './tsoa.ts';

export type Generated = { document: Document; operations: Operation[]; faults: string[] };

/** The contract of the route classes that the globs find. */
export const generate = async (options: {
  title: string;
  version: string;
  routes: readonly string[];
}): Promise<Generated> => {
  const { spec, metadata } = await extract(options);
  const document = finish(spec);
  return { document, operations: listOperations(document, metadata), faults: faultsOf(document) };
};
