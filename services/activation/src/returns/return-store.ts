import { type EventPayloads, normalizeInstallCode } from '@smartserver/contracts';
import { sql } from 'kysely';
import type { ActivationTransaction, ControllerRow, LicenseRow } from '../db.ts';
import { startOf } from '../licenses/term.ts';

/** Ends the open activations of locked licenses. */
export const closeActivations = async (
  trx: ActivationTransaction,
  installCode: string,
  licenseIds: readonly string[],
  now: Date,
): Promise<void> => {
  const these = sql<string>`any(${[...licenseIds]}::uuid[])`;
  await trx
    .updateTable('activations')
    .set({ returned_at: now })
    .where('license_id', '=', these)
    .where('install_code', '=', installCode)
    .where('returned_at', 'is', null)
    .execute();
  await trx
    .updateTable('licenses')
    .set({
      installed_on: null,
      activation_id: null,
      activated_at: null,
      returned_from: installCode,
      activation_version: sql<number>`activation_version + 1`,
    })
    .where('license_id', '=', these)
    .execute();
};

/** Payload of `licenses.returned.1`. `licenses`: their rows as they were on the controller. */
export const licensesReturned = (
  controller: ControllerRow,
  licenses: readonly LicenseRow[],
): EventPayloads['licenses.returned.1'] => ({
  installCode: normalizeInstallCode(controller.install_code),
  segmentName: controller.segment_name,
  partnerId: controller.partner_id,
  customerId: controller.customer_id,
  licenses: licenses.flatMap((license) =>
    license.activation_id === null || license.activated_at === null
      ? []
      : [
          {
            licenseId: license.license_id,
            kind: license.kind,
            deviceCount: license.device_count,
            activationId: license.activation_id,
            activatedAt: license.activated_at.toISOString(),
            startsAt: startOf(license)?.toISOString() ?? null,
            expiresAt: license.expires_at?.toISOString() ?? null,
            activationVersion: license.activation_version + 1,
          },
        ],
  ),
});
