export { composeGateway } from './gateway.ts';
export { type Generated, generate } from './generate.ts';
export { renderOperations } from './operations.ts';
export type { Document, DocumentOperation } from './schema.ts';
