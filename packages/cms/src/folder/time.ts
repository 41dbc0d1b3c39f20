/**
 * Expiry is judged by the clock of this SmartServer, but never by a time before the newest time of issue that was ever seen
 * signed: setting the clock back gains no time (guarantee 15). A clock that is ahead is believed: what it costs is given back
 * when it is set right, because nothing is stored from it.
 */
export const judgedTime = (clock: Date, newestIssuedAt: Date | null): Date =>
  newestIssuedAt !== null && newestIssuedAt > clock ? newestIssuedAt : clock;

/** Clocks of servers differ by so much, and a file can be added the second after it was made. */
const toleranceMs = 5 * 60_000;

/** Seconds by which the clock is behind for certain; 0 within the tolerance of five minutes. */
export const secondsBehind = (clock: Date, newestIssuedAt: Date | null): number => {
  const behind = (newestIssuedAt?.getTime() ?? 0) - clock.getTime();
  return behind > toleranceMs ? Math.round(behind / 1_000) : 0;
};
