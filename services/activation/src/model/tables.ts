import type { LicenseKind, LicensePlace, LicenseStanding, ReleaseClass } from '@smartserver/contracts';
import type { KitTables } from '@smartserver/service-kit';
import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';

/** Written once, never changed. */
type Fixed<T> = ColumnType<T, T, never>;
/** Left to the database's default when a row is made. */
type Later<T> = ColumnType<T, T | undefined, T>;

type CustomersTable = { partner_id: string; customer_id: Fixed<string>; version: number };

type ControllersTable = {
  partner_id: string;
  customer_id: string;
  /** Upper case. */
  install_code: Fixed<string>;
  segment_name: string;
  software_version: string;
  /** RFC 7638 thumbprint; null: no key has enrolled. */
  device_key: string | null;
  license_ids: Later<string[]>;
  serial: Later<number>;
  document_issued_at: Date;
  version: Later<number>;
  created_at: Fixed<Date>;
  resigned_for: Later<Date | null>;
};

type LicensesTable = {
  partner_id: string;
  customer_id: string | null;
  license_id: Fixed<string>;
  version: number;
  kind: LicenseKind;
  device_count: number;
  term_years: number | null;
  renews: string | null;
  owner: Exclude<LicensePlace, 'controller'>;
  standing: LicenseStanding;
  note: string;
  first_activated_at: Date | null;
  /** Null: no term has started, or an earlier version of this service, which knew no such column, has dated it. */
  starts_at: Later<Date | null>;
  expires_at: Date | null;
  activation_version: Later<number>;
  installed_on: Later<string | null>;
  activation_id: Later<string | null>;
  activated_at: Later<Date | null>;
  returned_from: Later<string | null>;
  hold_id: Later<string | null>;
};

type ActivationsTable = Record<'customer_id' | 'id' | 'license_id' | 'install_code', Fixed<string>> & {
  mode: Fixed<'online' | 'offline'>;
  activated_at: Fixed<Date>;
  returned_at: Later<Date | null>;
  /** Null: activated before it was kept. */
  serial: ColumnType<number | null, number | null | undefined, never>;
};

export type HoldState = 'granted' | 'refused' | 'released' | 'ended';

type HoldsTable = {
  hold_id: Fixed<string>;
  license_id: Fixed<string>;
  license_version: Fixed<number>;
  state: HoldState;
  resolved_at: Fixed<Date>;
};

type OfflineActivationsTable = Record<'partner_id' | 'customer_id' | 'id' | 'activation_id', Fixed<string>> & {
  license_id: Fixed<string>;
  install_code: Fixed<string>;
  kind: Fixed<LicenseKind>;
  device_count: Fixed<number>;
  serial: number;
  /** `kid` of the key that signed the file. */
  signed_by: string;
  file: string;
  request_digest: Fixed<string | null>;
  created_at: Fixed<Date>;
};

type OfflineReturnsTable = Record<'customer_id' | 'id' | 'receipt_digest' | 'install_code', Fixed<string>> & {
  license_ids: Fixed<string[]>;
  receipt_serial: Fixed<number>;
  serial: Fixed<number>;
  returned_at: Fixed<Date>;
};

type ReleasesTable = {
  release_id: Fixed<string>;
  /** `versionKey` of the rules. */
  version_key: number[];
  release_class: ReleaseClass;
  withdrawn: boolean;
  version: number;
};

type KeyRevocationsTable = { root_kid: Fixed<string>; issued_at: Fixed<Date>; statement: Fixed<string> };

/** Tables of the activation database (migrations/). */
export interface Tables extends KitTables {
  customers: CustomersTable;
  controllers: ControllersTable;
  licenses: LicensesTable;
  activations: ActivationsTable;
  holds: HoldsTable;
  offline_activations: OfflineActivationsTable;
  offline_returns: OfflineReturnsTable;
  key_revocations: KeyRevocationsTable;
  releases: ReleasesTable;
}

export type Trx = Transaction<Tables>;
/** For what may be read within a transaction, or outside of any. */
export type Executor = Kysely<Tables> | Trx;
export type ControllerRow = Selectable<ControllersTable>;
export type LicenseRow = Selectable<LicensesTable>;
export type OfflineReturnRow = Selectable<OfflineReturnsTable>;
