/** CI runs a short dose of what takes long; `npm run test:long` the full one. */
export const dose = <T>(short: T, long: T): T => (process.env.DOSE === 'long' ? long : short);
