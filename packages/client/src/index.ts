export { type ApiAnswer, ApiClient, type ApiClientOptions, type ApiRequest } from './client.ts';
export { ApiProblem, ApiUnreachable } from './problem.ts';
