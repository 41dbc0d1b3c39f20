import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addYears,
  compareVersions,
  coverage,
  type LicenseFacts,
  licenseStatus,
  maintenanceState,
  maintenanceTerm,
  normalizeInstallCode,
  parseVersion,
  type ReleaseClass,
  splitDeviceCounts,
  supportUntil,
  upgradeDecision,
} from '../src/index.ts';

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

/** The rows of the table under a heading, without its two head rows; cells keep their inner text. */
const rowsUnder = (heading: string): string[][] => {
  const section = readme.split(`\n### ${heading}\n`)[1]?.split('\n### ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

const quoted = (cell = '') => (cell === 'null' ? null : cell.slice(1, -1));
const date = (cell = '') => new Date(cell);
const day = (instant: Date | null) => instant?.toISOString().replace('T00:00:00.000Z', '');

/** Licenses as the tables write them: `capacity 1000, maintenance 1000 2026-03-01 2027-03-01`. */
const licensesIn = (cell = ''): LicenseFacts[] =>
  cell.split(', ').map((text) => {
    const [kind, devices, startsAt, expiresAt] = text.split(' ');
    return {
      kind: kind as LicenseFacts['kind'],
      deviceCount: Number(devices),
      startsAt: startsAt === undefined ? null : date(startsAt),
      expiresAt: expiresAt === undefined ? null : date(expiresAt),
    };
  });

const versionIn = (cell = '') => {
  const version = parseVersion(cell);
  if (version === null) throw new Error(`no version: ${cell}`);
  return version;
};

describe('the worked examples of the README hold', () => {
  test('every table was found', () => {
    const headings = readme.split('\n### ').slice(1);
    const counts = headings
      .map((section) => section.split('\n')[0] ?? '')
      .map((name) => [name, rowsUnder(name).length]);
    expect(Object.fromEntries(counts)).toEqual({
      addYears: 6,
      maintenanceTerm: 6,
      licenseStatus: 8,
      coverage: 18,
      upgradeDecision: 18,
      supportUntil: 7,
      maintenanceState: 4,
      parseVersion: 11,
      compareVersions: 2,
      splitDeviceCounts: 9,
      normalizeInstallCode: 6,
    });
  });

  test.each(rowsUnder('addYears'))('addYears %s + %s = %s: %s', (from, years, result) => {
    expect(addYears(date(from), Number(years)).toISOString()).toBe(result);
  });

  test.each(rowsUnder('maintenanceTerm'))(
    'maintenanceTerm of %s runs from %s to %s: %s',
    (chain, startsAt, expiresAt) => {
      const links = (chain ?? '').split(', ').map((link) => {
        const [activated, term] = link.split(' +');
        return { firstActivatedAt: date(activated), termYears: Number(term) };
      });
      expect(maintenanceTerm(links)).toEqual({ startsAt: date(startsAt), expiresAt: date(expiresAt) });
    },
  );

  test.each(rowsUnder('licenseStatus'))(
    'licenseStatus until %s, at %s, within %s, is %s: %s',
    (until, now, days, status) => {
      const expiresAt = until === 'never' ? null : date(until);
      const within = days ? { expiringWithinDays: Number(days) } : {};
      expect(licenseStatus({ expiresAt, now: date(now), ...within })).toBe(status);
    },
  );

  test.each(rowsUnder('coverage'))('coverage by %s at %s is %s: %s', (licenses, at, result) => {
    const { covered, capacityDevices, maintainedDevices, missingDevices, coveredUntil } = coverage(
      licensesIn(licenses),
      date(at),
    );
    const inWords = covered ? `covered${coveredUntil === null ? '' : ` until ${day(coveredUntil)}`}` : 'not covered';
    expect(`${capacityDevices} / ${maintainedDevices} / ${missingDevices}, ${inWords}`).toBe(result);
  });

  test.each(rowsUnder('upgradeDecision'))(
    'upgrade from %s to %s (class %s) with %s at %s is %s: %s',
    (from, to, toClass, licenses, at, result) => {
      const { allowed, reason, expiredAt, missingDevices } = upgradeDecision({
        from: versionIn(from),
        to: versionIn(to),
        toClass: toClass === '' ? undefined : (toClass as ReleaseClass),
        licenses: licensesIn(licenses),
        at: date(at),
      });
      const since = expiredAt === null ? '' : ` since ${day(expiredAt)}`;
      const by = missingDevices === null ? '' : ` by ${missingDevices}`;
      expect(`${allowed ? 'allowed' : 'refused'}: ${reason}${since}${by}`).toBe(result);
    },
  );

  test.each(rowsUnder('supportUntil'))('support by %s at %s until %s: %s', (licenses, at, until) => {
    expect(day(supportUntil(licensesIn(licenses), date(at))) ?? 'null').toBe(until);
  });

  test.each(rowsUnder('maintenanceState'))('maintenance from %s to %s is, at %s, %s: %s', (from, until, now, state) => {
    expect(maintenanceState({ startsAt: date(from), expiresAt: date(until), now: date(now) })).toBe(state);
  });

  test.each(rowsUnder('parseVersion'))('version %s is %s, %s, %s, %s: %s', (text, major, minor, update, build) => {
    const number = (cell = '') => (cell === '' ? null : Number(cell));
    const version = { major: number(major), minor: number(minor), update: number(update), build: number(build) };
    expect(parseVersion(quoted(text) ?? '')).toEqual(major === 'null' ? null : version);
  });

  test.each(rowsUnder('compareVersions'))('versions grow: %s: %s', (versions) => {
    const inOrder = (versions ?? '').split(', ').map(versionIn);
    for (const [index, one] of inOrder.entries()) {
      const signs = inOrder.map((other) => Math.sign(compareVersions(one, other)));
      expect(signs).toEqual(inOrder.map((_, other) => Math.sign(index - other)));
    }
  });

  test.each(rowsUnder('splitDeviceCounts'))('splitDeviceCounts %s into %s: %s %s', (whole, parts, result) => {
    expect(splitDeviceCounts(Number(whole), (parts ?? '').split(', ').map(Number))).toBe(result);
  });

  test.each(rowsUnder('normalizeInstallCode'))('normalizeInstallCode %s is %s %s', (text, result) => {
    expect(normalizeInstallCode(quoted(text) ?? '')).toBe(quoted(result));
  });
});
