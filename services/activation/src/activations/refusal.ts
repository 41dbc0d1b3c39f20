import { PROBLEMS, type ProblemCode } from '@smartserver/contracts';
import { type ProblemError, problem } from '@smartserver/service-kit';
import type { LicenseVerdict } from './activation-command.ts';
import { MAX_LICENSES_PER_CONTROLLER } from './activation-statement.ts';

const passes = new Set<LicenseVerdict>(['free', 'held', 'term_needed']);

const isProblem = (verdict: LicenseVerdict): verdict is Extract<LicenseVerdict, ProblemCode> => !passes.has(verdict);

/** Whether something stands in the way. */
export const isRefused = (verdict: LicenseVerdict): boolean => isProblem(verdict);

/** Undoes the transaction of a request that was refused, and carries the answer out of it. */
export class Refused extends Error {
  readonly verdicts: readonly LicenseVerdict[];
  constructor(verdicts: readonly LicenseVerdict[]) {
    super('refused');
    this.verdicts = verdicts;
  }
}

/** A controller that is full. */
export const controllerFull = (): ProblemError =>
  problem('license_not_available', {
    detail: `A controller can hold ${MAX_LICENSES_PER_CONTROLLER} licenses. Transfer some back to the cloud first.`,
  });

/**
 * The problem that names each license that stands in the way, by its place in the request. Its own code is that of the first.
 * @param verdicts one for each license, in the order asked
 * @param options `contact`: how to reach Customer Success. `pointer`: of the license at a place of the list
 * @throws Error when nothing stands in the way
 */
export const refusal = (
  verdicts: readonly LicenseVerdict[],
  options: { contact: string; pointer?: (index: number) => string },
): ProblemError => {
  const { contact, pointer = (index: number) => `/licenseIds/${index}` } = options;
  const errors = verdicts.flatMap((verdict, index) =>
    isProblem(verdict) ? [{ pointer: pointer(index), code: verdict, detail: PROBLEMS[verdict].title }] : [],
  );
  const [first] = errors;
  if (first === undefined) throw new Error('nothing was refused');
  const detail = first.code === 'contact_customer_success' ? { detail: `Contact ${contact} with the License ID.` } : {};
  return problem(first.code, { errors, ...detail });
};
