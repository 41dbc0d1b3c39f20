import type { LicenseStanding } from '@smartserver/contracts';
import type { ColumnType, Generated } from 'kysely';

export interface MaintenanceTermsTable {
  partner_id: string;
  customer_id: string | null;
  license_id: string;
  /** Of the license service; 0: not heard of it. */
  version: Generated<number>;
  device_count: number;
  renews: string | null;
  standing: Generated<LicenseStanding>;
  /** What a split has handed on. */
  first_activated_at: Date | null;
  /** Of the activation service; 0: never moved, as far as is known. */
  activation_version: Generated<number>;
  install_code: string | null;
  segment_name: string | null;
  first_moved_at: Date | null;
  starts_at: Date | null;
  expires_at: Date | null;
  /** `YYYY-MM-DD`, read as `next_notice_on::text`. */
  next_notice_on: ColumnType<never, string | null | undefined, string | null>;
  /** Of a renewal: whether its beginning was told. */
  renewal: Generated<'untold' | 'due' | 'told'>;
}
