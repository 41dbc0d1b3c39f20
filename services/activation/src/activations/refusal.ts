import { PROBLEMS, type ProblemCode } from '@smartserver/contracts';
import { type ProblemError, problem } from '@smartserver/service-kit';
import type { LicenseVerdict } from './activation-command.ts';

const passes = new Set<LicenseVerdict>(['free', 'held', 'term_needed']);

const isProblem = (verdict: LicenseVerdict): verdict is Extract<LicenseVerdict, ProblemCode> => !passes.has(verdict);

/**
 * The problem that names each license that stands in the way, by its place in the request. Its own code is that of the first.
 * @param verdicts one for each license, in the order asked
 * @throws Error when nothing stands in the way
 */
export function refusal(verdicts: readonly LicenseVerdict[]): ProblemError {
  const errors = verdicts.flatMap((verdict, index) =>
    isProblem(verdict) ? [{ pointer: `/licenseIds/${index}`, code: verdict, detail: PROBLEMS[verdict].title }] : [],
  );
  const [first] = errors;
  if (first === undefined) throw new Error('nothing was refused');
  return problem(first.code, { errors });
}
