import { ApiProblem, ApiUnreachable } from '@smartserver/client';

/** Whether sending the same once more may help by itself. */
export const worthRepeating = (error: unknown): boolean =>
  error instanceof ApiUnreachable || (error instanceof ApiProblem && [502, 503, 504].includes(error.status));
