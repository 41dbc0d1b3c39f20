import type { PutDigestSettingsRequest } from '@smartserver/contracts';
import type { Day } from './day.ts';

/** Digests of a partner, or of Customer Success, with the day up to which they have been told. */
export type Digest = PutDigestSettingsRequest & {
  partnerId: string | null;
  toldThrough: Day;
  /** In lower case. */
  silenced: Set<string>;
};
