import type { Ids } from '@smartserver/service-kit';

/** Of all generators of a test file: two applications on one database never make the same id. */
let made = 0;

const START_MS = Date.parse('2026-03-01T00:00:00Z');

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Ids that are the same in each run: valid UUIDs which count up within a test file, ordered ones by their time, too. */
export const testIds = (): Ids => ({
  random: () => {
    made += 1;
    // Spread, so that sorting by a random id does not happen to sort by age (Knuth's multiplicative hash).
    return `${hex(Math.imul(made, 0x9e3779b1) >>> 0, 8)}-0000-4000-8000-${hex(made, 12)}`;
  },
  ordered: () => {
    made += 1;
    const time = hex(START_MS + made, 12);
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${hex(made, 12)}`;
  },
});
