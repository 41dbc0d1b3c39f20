import type { CreateOrderRequest, OrderLine, ProblemItem } from '@smartserver/contracts';

/** What one order may hold: its answer names every license. */
const LICENSES_PER_ORDER = 1000;

/** What is wrong with the lines in themselves. [domain.md "maintenance license"] */
export const faultsOf = (order: CreateOrderRequest): ProblemItem[] => {
  const faults = order.lines.flatMap((line, index) => termFault(line, index));
  const total = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  if (total > LICENSES_PER_ORDER) {
    faults.push({
      pointer: '/lines',
      code: 'too_many',
      detail: `One order holds at most ${LICENSES_PER_ORDER} licenses in all.`,
    });
  }
  return faults;
};

const termFault = (line: OrderLine, index: number): ProblemItem[] => {
  const isMaintenance = line.kind === 'maintenance';
  if (isMaintenance === (line.termYears !== undefined)) return [];
  return [
    isMaintenance
      ? { pointer: `/lines/${index}/termYears`, code: 'required', detail: 'A maintenance license needs a term.' }
      : { pointer: `/lines/${index}/termYears`, code: 'not_allowed', detail: 'A license of this kind never expires.' },
  ];
};

/** A license that a line wants to renew, as far as the order may know of it. */
export type Renewable = { partnerId: string; kind: string; standing: string };

/**
 * Renewals that do not fit: only one maintenance license renews, on its own line, a maintenance license of the same partner,
 * which nothing renews yet and which is not revoked. A foreign or unknown license answers like any other that does not fit.
 * [domain.md rule 6]
 * @param known the licenses that exist, by License ID
 * @param renewed License IDs that another license renews already
 */
export const renewalFaultsOf = (
  order: CreateOrderRequest,
  known: ReadonlyMap<string, Renewable>,
  renewed: ReadonlySet<string>,
): ProblemItem[] => {
  const taken = new Set(renewed);
  return order.lines.flatMap((line, index) => {
    if (line.renews === undefined) return [];
    if (line.kind !== 'maintenance') return [misfit(`/lines/${index}/renews`, 'Only a maintenance license renews.')];
    if (line.quantity !== 1) return [misfit(`/lines/${index}/quantity`, 'A license is renewed by one license.')];
    const license = known.get(line.renews);
    const fits =
      license !== undefined &&
      license.partnerId === order.partnerId &&
      license.kind === 'maintenance' &&
      license.standing !== 'revoked' &&
      !taken.has(line.renews);
    taken.add(line.renews);
    return fits ? [] : [misfit(`/lines/${index}/renews`, 'There is no such maintenance license to renew.')];
  });
};

const misfit = (pointer: string, detail: string): ProblemItem => ({ pointer, code: 'renewal_mismatch', detail });
