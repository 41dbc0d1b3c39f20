import type { OfflineActivation } from '@smartserver/contracts';
import type { OfflineActivationRow } from './offline-store.ts';

/** What people save it as. */
const fileNameOf = ({ install_code, serial }: OfflineActivationRow): string =>
  `smartserver-${install_code}-${serial}.lic`;

export const toOfflineActivation = (row: OfflineActivationRow): OfflineActivation => ({
  offlineActivationId: row.id,
  licenseId: row.license_id,
  customerId: row.customer_id,
  installCode: row.install_code,
  kind: row.kind,
  deviceCount: row.device_count,
  serial: row.serial,
  createdAt: row.created_at.toISOString(),
  returnedAt: row.returned_at?.toISOString() ?? null,
  fileName: fileNameOf(row),
});
