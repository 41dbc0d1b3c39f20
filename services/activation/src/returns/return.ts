import { PROBLEMS } from '@smartserver/contracts';
import { type ProblemError, problem } from '@smartserver/service-kit';

/** Where a license is, as far as a return has to know. */
export type ReturnCandidate = { installedOn: string | null; returnedFrom: string | null };

/**
 * What a return does to one license: `leaves` the controller; `left`, it did so before and has been nowhere since: the device
 * retries, and nothing changes (rule 3 for returns); or it is not there to be returned. Standing does not matter: a suspended
 * license may go.
 */
export const judgeReturn = (
  license: ReturnCandidate | undefined,
  installCode: string,
): 'leaves' | 'left' | 'license_not_on_controller' => {
  if (license?.installedOn === installCode) return 'leaves';
  return license?.installedOn === null && license.returnedFrom === installCode ? 'left' : 'license_not_on_controller';
};

/** Names each license that is not on the controller, by its place in the request. Empty places: nothing against them. */
export const notOnController = (indexes: readonly number[]): ProblemError => {
  const code = 'license_not_on_controller';
  const errors = indexes.map((index) => ({ pointer: `/licenseIds/${index}`, code, detail: PROBLEMS[code].title }));
  return problem(code, { errors });
};

/** `licenseIds` or `all: true`, not both. @throws validation_failed */
export const whatToReturn = (body: { licenseIds?: string[]; all?: boolean }): string[] | 'all' => {
  const all = body.all === true;
  if (all && body.licenseIds === undefined) return 'all';
  if (!all && body.licenseIds !== undefined) return body.licenseIds;
  throw problem('validation_failed', {
    errors: [
      {
        pointer: '/licenseIds',
        code: all ? 'not_allowed' : 'required',
        detail:
          'Name the licenses in `licenseIds`, or say `all: true` for every one on the controller: one of the two.',
      },
    ],
  });
};
