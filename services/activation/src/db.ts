import type { LicenseKind, LicensePlace, LicenseStanding } from '@smartserver/contracts';
import type { Database, KitTables } from '@smartserver/service-kit';
import type { ColumnType, Selectable, Transaction } from 'kysely';

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
  expires_at: Date | null;
  activation_version: Later<number>;
  installed_on: Later<string | null>;
  activation_id: Later<string | null>;
  activated_at: Later<Date | null>;
  returned_from: Later<string | null>;
  hold_id: Later<string | null>;
};

type ActivationsTable = {
  customer_id: Fixed<string>;
  id: Fixed<string>;
  license_id: Fixed<string>;
  install_code: Fixed<string>;
  mode: Fixed<'online' | 'offline'>;
  activated_at: Fixed<Date>;
  returned_at: Later<Date | null>;
};

export type HoldState = 'granted' | 'refused' | 'released' | 'ended';

type HoldsTable = {
  hold_id: Fixed<string>;
  license_id: Fixed<string>;
  license_version: Fixed<number>;
  state: HoldState;
  resolved_at: Fixed<Date>;
};

/** Tables of the activation database (migrations/0001_activation.sql). */
export interface ActivationTables extends KitTables {
  customers: CustomersTable;
  controllers: ControllersTable;
  licenses: LicensesTable;
  activations: ActivationsTable;
  holds: HoldsTable;
}

export type ActivationDatabase = Database<ActivationTables>;
export type ActivationTransaction = Transaction<ActivationTables>;
export type ControllerRow = Selectable<ControllersTable>;
export type LicenseRow = Selectable<LicensesTable>;
