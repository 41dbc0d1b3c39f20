/** A calendar day, UTC, as `YYYY-MM-DD`: texts of it compare as the days do. */
export type Day = string;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export const dayOf = (instant: Date): Day => instant.toISOString().slice(0, 10);

export const addDays = (day: Day, days: number): Day => dayOf(new Date(Date.parse(day) + days * DAY_MS));

/** The day whose notices are due: it begins at this hour, and lasts until the next one does. */
export const noticeDay = (now: Date, hour: number): Day => dayOf(new Date(now.getTime() - hour * HOUR_MS));

export const later = (a: Day, b: Day): Day => (a > b ? a : b);
