import fc from 'fast-check';
import { addYears, licenseStatus, maintenanceTerm } from '../src/index.ts';

/**
 * The model: calendar arithmetic on the digits of the ISO form, with the leap-year rule spelled out. It shares nothing
 * with the implementation, which lets Date do the work.
 */
const modelAddYears = (date: Date, years: number): string => {
  const iso = date.toISOString();
  const year = Number(iso.slice(0, 4)) + years;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const rest = iso.slice(4);
  return `${String(year).padStart(4, '0')}${isLeap ? rest : rest.replace(/^-02-29/, '-02-28')}`;
};

const modelExpiry = (chain: readonly { firstActivatedAt: Date; termYears: number }[]): string => {
  const own = chain.at(-1);
  if (!own) throw new Error('empty');
  const earlier = chain.slice(0, -1);
  const after = earlier.length > 0 ? modelExpiry(earlier) : '';
  // ISO instants of four-digit years order as text.
  const start = [after, own.firstActivatedAt.toISOString()].sort().at(-1) ?? '';
  return modelAddYears(new Date(start), own.termYears);
};

const dates = fc.date({ min: new Date('1970-01-01'), max: new Date('2400-01-01'), noInvalidDate: true });
const leapDays = fc
  .record({ year: fc.integer({ min: 493, max: 599 }).map((quarter) => quarter * 4), time: fc.nat(86_399_999) })
  .map(({ year, time }) => new Date(Date.UTC(year, 1, 29) + time))
  .filter((date) => date.getUTCDate() === 29);
const someDate = fc.oneof(dates, leapDays);
const link = fc.record({ firstActivatedAt: someDate, termYears: fc.integer({ min: 1, max: 10 }) });
const nearLink = fc.record({
  firstActivatedAt: fc.date({ min: new Date('2024-02-01'), max: new Date('2032-03-31'), noInvalidDate: true }),
  termYears: fc.constantFrom(1, 3),
});
const chains = fc.oneof(
  fc.array(link, { minLength: 1, maxLength: 6 }),
  fc.array(nearLink, { minLength: 1, maxLength: 6 }),
);

describe('addYears', () => {
  test('agrees with the model', () => {
    fc.assert(
      fc.property(someDate, fc.integer({ min: -50, max: 1000 }), (date, years) => {
        expect(addYears(date, years).toISOString()).toBe(modelAddYears(date, years));
      }),
      { numRuns: 5000 },
    );
  });

  test('leaves the date it is given alone', () => {
    const date = new Date('2024-02-29T10:00:00.000Z');
    addYears(date, 1);
    expect(date.toISOString()).toBe('2024-02-29T10:00:00.000Z');
  });

  test.each([
    ['an invalid date', new Date(Number.NaN), 1],
    ['half a year', new Date(0), 0.5],
    ['no number', new Date(0), Number.NaN],
    ['years beyond what a date holds', new Date(0), 300_000],
  ])('refuses %s', (_name, date, years) => {
    expect(() => addYears(date, years)).toThrow(RangeError);
  });
});

describe('maintenanceTerm', () => {
  test('agrees with the model', () => {
    fc.assert(
      fc.property(chains, (chain) => {
        expect(maintenanceTerm(chain).expiresAt.toISOString()).toBe(modelExpiry(chain));
      }),
      { numRuns: 5000 },
    );
  });

  test('terms of a chain never overlap, and leave a gap only where the renewal was activated late', () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const own = chain.at(-1);
        const { startsAt } = maintenanceTerm(chain);
        const earlier = chain.slice(0, -1);
        if (earlier.length === 0) return expect(startsAt).toEqual(own?.firstActivatedAt);
        const before = maintenanceTerm(earlier);
        expect(startsAt.getTime()).toBeGreaterThanOrEqual(before.expiresAt.getTime());
        if (startsAt > before.expiresAt) expect(startsAt).toEqual(own?.firstActivatedAt);
      }),
    );
  });

  test('hands out dates of its own: changing one changes no license', () => {
    const firstActivatedAt = new Date('2026-03-01T08:00:00.000Z');
    maintenanceTerm([{ firstActivatedAt, termYears: 1 }]).startsAt.setUTCFullYear(1999);
    expect(firstActivatedAt.toISOString()).toBe('2026-03-01T08:00:00.000Z');
  });

  test.each([
    ['an empty chain', []],
    ['a term of no years', [{ firstActivatedAt: new Date(0), termYears: 0 }]],
    ['a term of half a year', [{ firstActivatedAt: new Date(0), termYears: 0.5 }]],
    ['an invalid date', [{ firstActivatedAt: new Date(Number.NaN), termYears: 1 }]],
    [
      'an invalid date in a renewal',
      [
        { firstActivatedAt: new Date(0), termYears: 1 },
        { firstActivatedAt: new Date(Number.NaN), termYears: 1 },
      ],
    ],
  ])('refuses %s', (_name, chain) => {
    expect(() => maintenanceTerm(chain)).toThrow(RangeError);
  });
});

describe('licenseStatus', () => {
  test('agrees with a model that walks the calendar', () => {
    const offsets = fc.oneof(
      fc.integer({ min: -400, max: 400 }).map((days) => days * 86_400_000),
      fc.integer(),
    );
    fc.assert(
      fc.property(dates, offsets, fc.integer({ min: 0, max: 365 }), (expiresAt, offset, expiringWithinDays) => {
        const now = new Date(expiresAt.getTime() + offset);
        const expiringFrom = new Date(expiresAt);
        expiringFrom.setUTCDate(expiringFrom.getUTCDate() - expiringWithinDays);
        const model = now >= expiresAt ? 'expired' : now >= expiringFrom ? 'expiring' : 'active';
        expect(licenseStatus({ expiresAt, now, expiringWithinDays })).toBe(model);
      }),
      { numRuns: 5000 },
    );
  });

  test('only moves forward as time passes', () => {
    const order = ['active', 'expiring', 'expired'];
    fc.assert(
      fc.property(dates, dates, dates, (expiresAt, one, other) => {
        const [earlier, later] = one <= other ? [one, other] : [other, one];
        const at = (now: Date) => order.indexOf(licenseStatus({ expiresAt, now }));
        expect(at(earlier)).toBeLessThanOrEqual(at(later));
      }),
    );
  });

  test.each([
    ['an invalid now', { expiresAt: null, now: new Date(Number.NaN) }],
    ['an invalid expiry', { expiresAt: new Date(Number.NaN), now: new Date(0) }],
    ['negative days', { expiresAt: null, now: new Date(0), expiringWithinDays: -1 }],
    ['days that are no number', { expiresAt: null, now: new Date(0), expiringWithinDays: Number.NaN }],
  ])('refuses %s', (_name, options) => {
    expect(() => licenseStatus(options)).toThrow(RangeError);
  });
});
