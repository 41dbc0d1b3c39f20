import assert from 'node:assert/strict';
import { PROBLEMS, type Problem, type ProblemCode } from '@smartserver/contracts';

/** What Fastify's `inject` gives, or anything like it. */
type Answer = { statusCode: number; headers: Record<string, unknown>; body: string };

/** A body without the id of its request, which is random and may hold any short text by chance. */
export const withoutRequestId = (body: string): string => body.replace(/"instance":"[^"]*"/, '"instance":"…"');

/** Checks that an answer is a problem of the catalogue, whole and with this code; returns its body. */
export const expectProblem = (response: Answer, status: number, code: ProblemCode): Problem => {
  const about = `${response.statusCode} ${response.body.slice(0, 500)}`;
  assert.equal(response.statusCode, status, `expected ${status} ${code}, got ${about}`);
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/, about);
  const problem = JSON.parse(response.body) as Problem;
  assert.equal(problem.code, code, about);
  assert.equal(problem.status, status, about);
  assert.equal(PROBLEMS[code].status, status, `the catalogue has another status for ${code}`);
  assert.equal(problem.title, PROBLEMS[code].title, about);
  assert.equal(problem.type, `/problems/${code}`, about);
  assert.ok(problem.detail.length > 0 && problem.instance.length > 0, about);
  return problem;
};
