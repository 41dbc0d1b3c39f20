export { type Api, type ApiOptions, createApi } from './api.ts';
export type { components, paths } from './generated/api.ts';
export { ApiProblem, ApiUnreachable, dataOf } from './problem.ts';
