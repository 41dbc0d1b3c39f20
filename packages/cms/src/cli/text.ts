import type { LicenseKind } from '@smartserver/contracts';

/** A table for people: columns as wide as their widest cell. */
export const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
};

/** Labelled values, one a line. */
export const facts = (entries: readonly (readonly [label: string, value: string])[]): string => {
  const width = Math.max(...entries.map(([label]) => label.length)) + 2;
  return entries.map(([label, value]) => `${`${label}:`.padEnd(width)}${value}`).join('\n');
};

/** "2026-03-02 08:30 UTC"; "never" where there is none. */
export const instantText = (instant: string | null): string =>
  instant === null ? 'never' : `${instant.slice(0, 16).replace('T', ' ')} UTC`;

const kinds: Readonly<Record<LicenseKind, string>> = {
  capacity: 'Device capacity',
  maintenance: 'Maintenance',
  core: 'Core',
  remote_cms: 'Remote CMS',
};

/** What a license is, as far as the license document says: the cloud's own description also names the term. */
export const describeLicense = ({ kind, deviceCount }: { kind: LicenseKind; deviceCount: number }): string =>
  `${kinds[kind]}, ${countDevices(deviceCount)}`;

/** "1 device", "200 devices". */
export const countDevices = (count: number): string => `${count} ${count === 1 ? 'device' : 'devices'}`;

/** "1 license", "2 licenses". */
export const countLicenses = (count: number): string => `${count} ${count === 1 ? 'license' : 'licenses'}`;

/** "3 days", "1 hour", "6 minutes": the largest unit alone, rounded down. @param seconds 60 or more */
export const durationText = (seconds: number): string => {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const [name, size] = units.find(([, size]) => seconds >= size) ?? units[2];
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
};

/** Names come from outside: control characters in them must not steer a terminal. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu, ' ');
