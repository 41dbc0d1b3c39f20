import { isInForce, type LicenseFacts, type MaintenanceFacts, maintenanceOf } from './maintenance.ts';
import { requireInstant } from './terms.ts';

/** Coverage of a controller at an instant, in devices. */
export type CoverageFacts = {
  /** Whether the maintenance in force meets or exceeds the capacity. */
  covered: boolean;
  capacityDevices: number;
  maintainedDevices: number;
  /** 0 when covered. */
  missingDevices: number;
  /**
   * The first instant at which it is covered no longer, renewals already dated included. Null: not covered, or no capacity that
   * would need maintenance.
   */
  coveredUntil: Date | null;
};

const devicesOf = (licenses: readonly { deviceCount: number }[]) =>
  licenses.reduce((sum, { deviceCount }) => sum + deviceCount, 0);

const devicesInForce = (maintenance: readonly MaintenanceFacts[], at: Date) =>
  devicesOf(maintenance.filter((term) => isInForce(term, at)));

/**
 * Whether a controller is covered: the devices of its maintenance in force must meet or exceed those of its capacity. [V] rule 8
 * @throws RangeError for an invalid date, or maintenance without expiry
 */
export const coverage = (licenses: readonly LicenseFacts[], at: Date): CoverageFacts => {
  requireInstant(at);
  const maintenance = maintenanceOf(licenses);
  const capacityDevices = devicesOf(licenses.filter(({ kind }) => kind === 'capacity'));
  const maintainedDevices = devicesInForce(maintenance, at);
  const covered = maintainedDevices >= capacityDevices;
  return {
    covered,
    capacityDevices,
    maintainedDevices,
    missingDevices: covered ? 0 : capacityDevices - maintainedDevices,
    coveredUntil: covered && capacityDevices > 0 ? firstShortfall(maintenance, capacityDevices, at) : null,
  };
};

/** Coverage can end at an expiry only; at the last one nothing is left. */
const firstShortfall = (maintenance: readonly MaintenanceFacts[], capacityDevices: number, at: Date): Date | null => {
  const ends = [...new Set(maintenance.map(({ expiresAt }) => expiresAt.getTime()))]
    .filter((end) => end > at.getTime())
    .sort((one, other) => one - other)
    .map((end) => new Date(end));
  return ends.find((end) => devicesInForce(maintenance, end) < capacityDevices) ?? null;
};
