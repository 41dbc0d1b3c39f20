import type { LicenseStanding } from '@smartserver/contracts';
import type { ColumnType, Generated } from 'kysely';

export interface MaintenanceTermsTable {
  partner_id: string;
  customer_id: string | null;
  license_id: string;
  /** Of the license service; 0: no event of it yet. */
  version: Generated<number>;
  device_count: number;
  renews: string | null;
  standing: Generated<LicenseStanding>;
  /** Of a part of a split: when the term began, with another license's activation. */
  first_activated_at: Date | null;
  /** Of the activation service; 0: no event of it yet. */
  activation_version: Generated<number>;
  /** Null: on no controller. */
  install_code: string | null;
  segment_name: string | null;
  /** Its first known activation. */
  first_moved_at: Date | null;
  starts_at: Date | null;
  /** Null: its term has not been dated yet. */
  expires_at: Date | null;
  /** The first day on which there may be a notice of its end: `YYYY-MM-DD`, read as `next_notice_on::text`. */
  next_notice_on: ColumnType<never, string | null | undefined, string | null>;
  /** Of a renewal: whether the notice of it is to be made (`due`), or was made (`told`). */
  renewal: Generated<'untold' | 'due' | 'told'>;
}
