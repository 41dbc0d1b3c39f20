/** CI runs a short dose of each process test; `npm run test:long` the full one [guarantees.md]. */
export const dose = <T>(short: T, long: T): T => (process.env.DOSE === 'long' ? long : short);
