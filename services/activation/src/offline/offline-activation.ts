import type { LicenseKind, OfflineActivation } from '@smartserver/contracts';

/** An offline activation without its file. */
export type OfflineActivationRow = {
  id: string;
  activation_id: string;
  license_id: string;
  customer_id: string;
  install_code: string;
  kind: LicenseKind;
  device_count: number;
  serial: number;
  signed_by: string;
  created_at: Date;
  returned_at: Date | null;
};

/** The file and what it says. */
export type FileContent = { file: string; serial: number; signed_by: string };

export type NewOfflineActivation = FileContent & {
  partner_id: string;
  customer_id: string;
  id: string;
  activation_id: string;
  license_id: string;
  install_code: string;
  kind: LicenseKind;
  device_count: number;
  request_digest: string | null;
  created_at: Date;
};

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
