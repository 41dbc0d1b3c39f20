import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addYears, licenseStatus, maintenanceTerm, normalizeInstallCode, splitDeviceCounts } from '../src/index.ts';

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

/** The rows of the table under a heading, without its two head rows; cells keep their inner text. */
function rowsUnder(heading: string): string[][] {
  const section = readme.split(`\n### ${heading}\n`)[1]?.split('\n### ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const quoted = (cell = '') => (cell === 'null' ? null : cell.slice(1, -1));
const date = (cell = '') => new Date(cell);

describe('the worked examples of the README hold', () => {
  test('every table was found', () => {
    const counts = ['addYears', 'maintenanceTerm', 'licenseStatus', 'splitDeviceCounts', 'normalizeInstallCode'].map(
      (heading) => rowsUnder(heading).length,
    );
    expect(counts).toEqual([6, 6, 8, 9, 6]);
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

  test.each(rowsUnder('splitDeviceCounts'))('splitDeviceCounts %s into %s: %s %s', (whole, parts, result) => {
    expect(splitDeviceCounts(Number(whole), (parts ?? '').split(', ').map(Number))).toBe(result);
  });

  test.each(rowsUnder('normalizeInstallCode'))('normalizeInstallCode %s is %s %s', (text, result) => {
    expect(normalizeInstallCode(quoted(text) ?? '')).toBe(quoted(result));
  });
});
