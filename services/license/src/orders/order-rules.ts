import type { CreateOrderRequest, OrderLine, ProblemItem } from '@smartserver/contracts';
import type { LicenseRow } from '../model/license.ts';

/** What one order may hold: its response lists every license. */
const LICENSES_PER_ORDER = 1000;

/** What is wrong with the lines in themselves. [domain.md "maintenance license"] */
export const faultsOf = (order: CreateOrderRequest): ProblemItem[] => {
  const faults = order.lines.flatMap(termFault);
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

/** What renews a license: so many licenses of so many devices in all. */
export type Renewals = { licenses: number; devices: number };

/**
 * Renewals that do not fit: only a maintenance license renews, and a maintenance license of the same partner that is not
 * revoked. One is renewed by one license, of however many devices, or by several that have at most its own devices together.
 * A foreign or unknown license gets the same error as any other that does not fit. [domain.md rule 6]
 * @param known the licenses that exist, by License ID
 * @param renewals what renews them already
 */
export const renewalFaultsOf = (
  order: CreateOrderRequest,
  known: ReadonlyMap<string, LicenseRow>,
  renewals: ReadonlyMap<string, Renewals>,
): ProblemItem[] => {
  const sums = new Map(renewals);
  return order.lines.flatMap((line, index) => {
    if (line.renews === undefined) return [];
    const pointer = `/lines/${index}/renews`;
    if (line.kind !== 'maintenance') return [misfit(pointer, 'Only a maintenance license renews.')];
    const license = known.get(line.renews);
    const fits =
      license !== undefined &&
      license.partner_id === order.partnerId &&
      license.kind === 'maintenance' &&
      license.standing !== 'revoked';
    if (!fits) return [misfit(pointer, 'There is no such maintenance license to renew.')];
    const sum = plus(sums.get(line.renews), line);
    sums.set(line.renews, sum);
    if (sum.licenses === 1 || sum.devices <= license.device_count) return [];
    return [misfit(pointer, 'Several renewals together may have at most the devices of the license they renew.')];
  });
};

const plus = (sum: Renewals = { licenses: 0, devices: 0 }, line: OrderLine): Renewals => ({
  licenses: sum.licenses + line.quantity,
  devices: sum.devices + line.quantity * line.deviceCount,
});

const misfit = (pointer: string, detail: string): ProblemItem => ({ pointer, code: 'renewal_mismatch', detail });
