import fc from 'fast-check';
import type { LicenseFacts } from '../src/index.ts';

/**
 * The model: time is cut at every instant at which a term starts or ends, and the devices in force are kept as a running total
 * from one piece to the next. The implementation adds up terms again for one instant; nothing is shared.
 */
export const modelOf = (licenses: readonly LicenseFacts[]) => {
  let capacityDevices = 0;
  const changes = new Map<number, { devices: number; terms: number }>();
  const change = (time: number, devices: number, terms: number) => {
    const now = changes.get(time) ?? { devices: 0, terms: 0 };
    changes.set(time, { devices: now.devices + devices, terms: now.terms + terms });
  };
  for (const { kind, deviceCount, startsAt, expiresAt } of licenses) {
    if (kind === 'capacity') capacityDevices += deviceCount;
    if (kind !== 'maintenance') continue;
    const [begin, end] = [startsAt?.getTime() ?? Number.NEGATIVE_INFINITY, expiresAt?.getTime() ?? 0];
    if (end <= begin) continue;
    change(begin, deviceCount, 1);
    change(end, -deviceCount, -1);
  }
  const pieces: { from: number; devices: number; terms: number }[] = [];
  let total = { devices: 0, terms: 0 };
  for (const from of [...changes.keys()].sort((one, other) => (one < other ? -1 : 1))) {
    const delta = changes.get(from) ?? { devices: 0, terms: 0 };
    total = { devices: total.devices + delta.devices, terms: total.terms + delta.terms };
    pieces.push({ from, ...total });
  }
  const nothing = { from: Number.NEGATIVE_INFINITY, devices: 0, terms: 0 };
  const pieceAt = (time: number) => pieces.findLast(({ from }) => from <= time) ?? nothing;
  const firstAfter = (time: number, holds: (piece: { devices: number; terms: number }) => boolean) =>
    pieces.find((piece) => piece.from > time && holds(piece))?.from ?? null;
  const isShort = ({ devices }: { devices: number }) => devices < capacityDevices;

  return {
    instants: pieces.map(({ from }) => from).filter(Number.isFinite),
    at(time: number) {
      const { devices, terms } = pieceAt(time);
      const missingDevices = Math.max(0, capacityDevices - devices);
      const covered = missingDevices === 0;
      return { terms, coverage: { covered, capacityDevices, maintainedDevices: devices, missingDevices } };
    },
    coveredUntil: (time: number) =>
      capacityDevices === 0 || isShort(pieceAt(time)) ? null : firstAfter(time, isShort),
    supportUntil: (time: number) => (pieceAt(time).terms === 0 ? null : firstAfter(time, ({ terms }) => terms === 0)),
    /** The latest end of a term up to this time. */
    lastEnd: (time: number) =>
      Math.max(
        ...licenses
          .filter(({ kind }) => kind === 'maintenance')
          .map(({ expiresAt }) => expiresAt?.getTime() ?? 0)
          .filter((end) => end <= time),
      ),
  };
};

// Few instants and few counts, so that terms meet, touch and add up exactly.
const instants = fc.integer({ min: 0, max: 12 });
const devices = fc.constantFrom(1, 100, 200, 500, 800, 1000);
const begin = Date.UTC(2026, 0, 1);
const month = 30 * 86_400_000;
const instantOf = (index: number) => new Date(begin + index * month);

const maintenance = fc
  .record({ deviceCount: devices, start: fc.option(instants), length: fc.integer({ min: 1, max: 8 }) })
  .map(({ deviceCount, start, length }): LicenseFacts => {
    return {
      kind: 'maintenance',
      deviceCount,
      startsAt: start === null ? null : instantOf(start),
      expiresAt: instantOf((start ?? 0) + length),
    };
  });
const other = fc
  .record({ kind: fc.constantFrom('capacity' as const, 'capacity' as const, 'core' as const), deviceCount: devices })
  .map((license): LicenseFacts => ({ ...license, startsAt: null, expiresAt: null }));

/** Licenses of a controller, and an instant at, just before or just after which something may change. */
export const someLicenses = fc.record({
  licenses: fc.array(fc.oneof({ weight: 2, arbitrary: maintenance }, other), { maxLength: 8 }),
  at: fc.tuple(instants, fc.constantFrom(-1, 0, 1)).map(([index, offset]) => begin + index * month + offset),
});
