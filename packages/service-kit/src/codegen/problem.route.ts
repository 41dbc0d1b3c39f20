import type { Problem } from '@smartserver/contracts';
import { Get, OperationId, Response, Route } from '@tsoa/runtime';

/**
 * No service has this operation: it is read with each service's routes, so that every document holds the schema of `Problem`,
 * and then taken out again.
 */
@Route('problem')
export class ProblemRoutes {
  @Get()
  @OperationId('problem')
  @Response<Problem>(500, 'internal')
  answer(): void {}
}
