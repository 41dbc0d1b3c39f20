import type { Problem } from '@smartserver/contracts';

/** An error answer of the API (RFC 9457). `problem.code` is the contract; `message` is for people. */
export class ApiProblem extends Error {
  readonly problem: Problem;
  readonly headers: Headers;

  constructor(problem: Problem, headers: Headers) {
    super(`${problem.title}. ${problem.detail}`);
    this.name = 'ApiProblem';
    this.problem = problem;
    this.headers = headers;
  }
}

/** Nothing answered: the address is wrong, the network is down, or the system is not running. */
export class ApiUnreachable extends Error {
  constructor(baseUrl: string, cause: unknown) {
    super(`Nothing answers at ${baseUrl}.`, { cause });
    this.name = 'ApiUnreachable';
  }
}
