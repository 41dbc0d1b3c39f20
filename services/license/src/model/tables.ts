import type { KitTables } from '@smartserver/service-kit';
import type { CustomerRow, PartnerRow } from './account.ts';
import type { LicenseHistoryRow } from './history.ts';
import type { LicenseRow } from './license.ts';
import type { LicenseChangesTable } from './license-change.ts';
import type { ReleaseRow } from './release.ts';
import type { TransferRow } from './transfer.ts';

export type OrderRow = { partner_id: string; order_id: string; reference: string; created_at: Date };

/** Tables of the license database (migrations/). A row is written whole: its type is that of its table. */
export interface LicenseTables extends KitTables {
  partners: PartnerRow;
  customers: CustomerRow;
  orders: OrderRow;
  licenses: LicenseRow;
  license_history: LicenseHistoryRow;
  transfers: TransferRow;
  license_changes: LicenseChangesTable;
  releases: ReleaseRow;
}
