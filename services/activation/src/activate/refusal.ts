import { PROBLEMS, type ProblemCode } from '@smartserver/contracts';
import { problem } from '@smartserver/service-kit';

/** What the activation statement decides about one license: codes of the problem catalogue, or why nothing is against it. */
export type LicenseVerdict =
  | 'free'
  | 'held'
  | 'term_needed'
  | 'license_not_found'
  | 'contact_customer_success'
  | 'license_suspended'
  | 'license_revoked'
  | 'license_in_use'
  | 'license_not_available';

const passes = new Set<LicenseVerdict>(['free', 'held', 'term_needed']);

export const isRefused = (verdict: LicenseVerdict): verdict is Extract<LicenseVerdict, ProblemCode> =>
  !passes.has(verdict);

/** Rolls back the transaction of a request that was refused, and carries the answer out of it. */
export class Refused extends Error {
  constructor(readonly verdicts: readonly LicenseVerdict[]) {
    super('refused');
  }
}

/**
 * Turns {@link Refused} into the problem that names each license that cannot be activated, by its place in the request. Its own
 * code is that of the first. Other errors are thrown as they are.
 * @param options `customerSuccess`: how to reach it. `pointer`: of the license at a place of the list
 */
export const throwRefusal =
  ({
    customerSuccess,
    pointer = (index: number) => `/licenseIds/${index}`,
  }: {
    customerSuccess: string;
    pointer?: (index: number) => string;
  }) =>
  (error: unknown): never => {
    if (!(error instanceof Refused)) throw error;
    const errors = error.verdicts.flatMap((verdict, index) =>
      isRefused(verdict) ? [{ pointer: pointer(index), code: verdict, detail: PROBLEMS[verdict].title }] : [],
    );
    const [first] = errors;
    if (first === undefined) throw new Error('nothing was refused');
    const detail =
      first.code === 'contact_customer_success' ? { detail: `Contact ${customerSuccess} with the License ID.` } : {};
    throw problem(first.code, { errors, ...detail });
  };
