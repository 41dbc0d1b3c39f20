import type { EventEnvelope, LicenseStanding } from '@smartserver/contracts';
import type { Insertable } from 'kysely';
import type { Fixed } from './columns.ts';

/** Projection of licenses: whose ID signs in. `main.js replay` of license rebuilds it. */
export type LicensesTable = {
  license_id: Fixed<string>;
  partner_id: string;
  customer_id: string | null;
  standing: LicenseStanding;
  version: number;
};

export const toLicenseRow = ({ data }: EventEnvelope<'license.changed.1'>): Insertable<LicensesTable> => ({
  license_id: data.licenseId,
  partner_id: data.partnerId,
  customer_id: data.owner === 'customer' ? data.customerId : null,
  standing: data.standing,
  version: data.version,
});
