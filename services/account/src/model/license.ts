import type { EventEnvelope, LicenseStanding } from '@smartserver/contracts';
import type { Insertable } from 'kysely';
import type { Db, Fixed } from './tables.ts';

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

export type SignInLicense = { licenseId: string; customerId: string };

/**
 * A license whose ID signs in: transferred to a customer, and not revoked. A suspended one does: its owner should see that it is.
 * Null for any other, unknown ones included: one statement, so that they take the same time.
 */
export const findSignInLicense = async (db: Db, licenseId: string): Promise<SignInLicense | null> => {
  const row = await db
    .selectFrom('licenses')
    .select(['license_id as licenseId', 'customer_id as customerId'])
    .where('license_id', '=', licenseId)
    .where('customer_id', 'is not', null)
    .where('standing', '<>', 'revoked')
    .$narrowType<{ customerId: string }>()
    .executeTakeFirst();
  return row ?? null;
};
