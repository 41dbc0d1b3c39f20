import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';

/** The only source of identifiers, so that tests can foresee them. */
export type Ids = {
  /** UUIDv4: for ids that people see and must not be able to guess (Customer ID, License ID). */
  random(): string;
  /** UUIDv7: for row ids; sorts by time of creation. */
  ordered(): string;
};

export const systemIds: Ids = { random: () => randomUUID(), ordered: () => v7() };
