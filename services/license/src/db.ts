import type {
  ActorReference,
  LicenseChange,
  LicenseChangeKind,
  LicenseHistoryEvent,
  LicenseKind,
  LicenseStanding,
  ProblemCode,
  ReleaseClass,
} from '@smartserver/contracts';
import type { KitTables } from '@smartserver/service-kit';
import type { ColumnType } from 'kysely';

/** Written once, never changed. */
type Fixed<T> = ColumnType<T, T, never>;
/** Left to the database's default when a row is made. */
type Later<T> = ColumnType<T, T | undefined, T>;

type PartnersTable = { partner_id: Fixed<string>; version: number };

type CustomersTable = { partner_id: Fixed<string>; customer_id: Fixed<string>; version: number };

type OrdersTable = {
  partner_id: Fixed<string>;
  order_id: Fixed<string>;
  reference: Fixed<string>;
  created_at: Fixed<Date>;
};

export type LicensesTable = {
  partner_id: Fixed<string>;
  row_id: Fixed<string>;
  license_id: Fixed<string>;
  order_id: Fixed<string>;
  order_reference: Fixed<string>;
  kind: Fixed<LicenseKind>;
  device_count: number;
  term_years: Fixed<number | null>;
  renews: Fixed<string | null>;
  split_from: Fixed<string | null>;
  customer_id: string | null;
  standing: LicenseStanding;
  note: string;
  created_at: Fixed<Date>;
  version: number;
  install_code: Later<string | null>;
  activated_at: Later<Date | null>;
  starts_at: Later<Date | null>;
  expires_at: Later<Date | null>;
  first_activated_at: Later<Date | null>;
  activation_version: Later<number>;
};

export type LicenseHistoryTable = {
  partner_id: Fixed<string>;
  license_id: Fixed<string>;
  at: Fixed<Date>;
  source_id: Fixed<string>;
  entry_id: Fixed<string>;
  event: Fixed<LicenseHistoryEvent>;
  actor_kind: Fixed<ActorReference['kind']>;
  actor_id: Fixed<string>;
  customer_id: Fixed<string | null>;
  install_code: Fixed<string | null>;
  detail: Fixed<string | null>;
};

export type TransfersTable = {
  partner_id: Fixed<string>;
  transfer_id: Fixed<string>;
  customer_id: Fixed<string>;
  license_ids: Fixed<string[]>;
  created_at: Fixed<Date>;
};

export type LicenseChangesTable = {
  partner_id: Fixed<string>;
  change_id: Fixed<string>;
  license_id: Fixed<string>;
  kind: Fixed<LicenseChangeKind>;
  device_counts: Fixed<number[] | null>;
  status: LicenseChange['status'];
  refusal: Later<ProblemCode | null>;
  /** Written as JSON text. */
  outcome: ColumnType<LicenseChange['licenses'] | null, string | null | undefined, string>;
  license_version: Fixed<number>;
  actor_kind: Fixed<ActorReference['kind']>;
  actor_id: Fixed<string>;
  traceparent: Fixed<string | null>;
  created_at: Fixed<Date>;
  asked_at: Date;
  settled_at: Later<Date | null>;
};

export type ReleasesTable = {
  release_id: Fixed<string>;
  version: Fixed<string>;
  /** `versionKey` of the rules. */
  version_key: Fixed<number[]>;
  release_class: ReleaseClass;
  released_at: Date;
  revision: Later<number>;
  withdrawn_at: Later<Date | null>;
};

/** Tables of the license database (migrations/). */
export interface LicenseTables extends KitTables {
  partners: PartnersTable;
  customers: CustomersTable;
  orders: OrdersTable;
  licenses: LicensesTable;
  license_history: LicenseHistoryTable;
  transfers: TransfersTable;
  license_changes: LicenseChangesTable;
  releases: ReleasesTable;
}
