import fc from 'fast-check';
import { coverage, type LicenseFacts, maintenanceState, supportUntil } from '../src/index.ts';
import { modelOf, someLicenses } from './model.ts';

const runs = { numRuns: 5000 };

describe('coverage', () => {
  test('agrees with a model that walks through time, at every instant at which something changes', () => {
    fc.assert(
      fc.property(someLicenses, ({ licenses, at }) => {
        const model = modelOf(licenses);
        for (const instant of [at, ...model.instants]) {
          const { coveredUntil, ...facts } = coverage(licenses, new Date(instant));
          expect(facts).toEqual(model.at(instant).coverage);
          expect(coveredUntil?.getTime() ?? null).toBe(model.coveredUntil(instant));
        }
      }),
      runs,
    );
  });

  test('the order of licenses does not matter, and splitting one into parts changes nothing', () => {
    fc.assert(
      fc.property(someLicenses, fc.double({ min: 0, max: 1, noNaN: true }), ({ licenses, at }, share) => {
        const instant = new Date(at);
        const whole = coverage(licenses, instant);
        expect(coverage(licenses.toReversed(), instant)).toEqual(whole);
        const parts = licenses.flatMap((license) => {
          const part = Math.floor(license.deviceCount * share);
          return [part, license.deviceCount - part].map((deviceCount) => ({ ...license, deviceCount }));
        });
        expect(coverage(parts, instant)).toEqual(whole);
      }),
    );
  });

  test('a renewal never counts together with the license it renews', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), (days) => {
        const at = new Date(Date.UTC(2026, 2, 1) + days * 86_400_000);
        const term = (deviceCount: number, from: string, until: string): LicenseFacts => {
          return { kind: 'maintenance', deviceCount, startsAt: new Date(from), expiresAt: new Date(until) };
        };
        const pair = [term(700, '2026-03-01', '2027-03-01'), term(700, '2027-03-01', '2028-03-01')];
        expect(coverage(pair, at).maintainedDevices).toBe(700);
      }),
    );
  });
});

test('priority support agrees with the model, at every instant at which something changes', () => {
  fc.assert(
    fc.property(someLicenses, ({ licenses, at }) => {
      const model = modelOf(licenses);
      for (const instant of [at, ...model.instants]) {
        expect(supportUntil(licenses, new Date(instant))?.getTime() ?? null).toBe(model.supportUntil(instant));
      }
    }),
    runs,
  );
});

describe('what no caller may pass', () => {
  const maintenance: LicenseFacts = { kind: 'maintenance', deviceCount: 1, startsAt: null, expiresAt: new Date(0) };
  const invalid = new Date(Number.NaN);

  test.each([
    ['maintenance without expiry', { ...maintenance, expiresAt: null }],
    ['an invalid expiry', { ...maintenance, expiresAt: invalid }],
    ['an invalid start', { ...maintenance, startsAt: invalid }],
  ])('%s', (_name, license) => {
    expect(() => coverage([license], new Date(0))).toThrow(RangeError);
    expect(() => supportUntil([license], new Date(0))).toThrow(RangeError);
  });

  test('an invalid instant', () => {
    expect(() => coverage([], invalid)).toThrow(RangeError);
    expect(() => supportUntil([], invalid)).toThrow(RangeError);
    expect(() => maintenanceState({ startsAt: invalid, expiresAt: new Date(0), now: new Date(0) })).toThrow(RangeError);
  });
});

test('a license cannot be changed through the dates that are handed out', () => {
  const expiresAt = new Date('2027-03-01T00:00:00.000Z');
  const licenses: LicenseFacts[] = [
    { kind: 'capacity', deviceCount: 1, startsAt: null, expiresAt: null },
    { kind: 'maintenance', deviceCount: 1, startsAt: null, expiresAt },
  ];
  const at = new Date('2026-03-01T00:00:00.000Z');
  coverage(licenses, at).coveredUntil?.setUTCFullYear(1999);
  supportUntil(licenses, at)?.setUTCFullYear(1999);
  expect(expiresAt.toISOString()).toBe('2027-03-01T00:00:00.000Z');
});
