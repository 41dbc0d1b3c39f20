import type { IdempotencyKey, Problem } from '@smartserver/contracts';
import { Get, Header, Response, Route } from '@tsoa/runtime';

/**
 * No service has this operation: it is read with each service's routes, so that every document holds the schemas of what
 * the generator adds (errors, the Idempotency-Key of a POST), and then taken out again.
 */
@Route('problem')
export class ProblemRoutes {
  @Get()
  @Response<Problem>(500, 'internal')
  problem(@Header('Idempotency-Key') _key?: IdempotencyKey): void {}
}
