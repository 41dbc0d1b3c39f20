import type { Language, LicenseStanding, PartnerRole } from '@smartserver/contracts';
import type { KitTables } from '@smartserver/service-kit';
import type { ColumnType, Generated, Selectable } from 'kysely';

type UserKind = 'staff' | 'partner_user';
export type UserStatus = 'invited' | 'active' | 'disabled';

/** Written once, never changed. */
type Fixed<T> = ColumnType<T, T, never>;

type PartnersTable = {
  partner_id: Fixed<string>;
  row_id: Fixed<string>;
  name: string;
  version: Generated<number>;
  created_at: Fixed<Date>;
};

type UsersTable = {
  user_id: Fixed<string>;
  partner_id: Fixed<string | null>;
  kind: Fixed<UserKind>;
  role: PartnerRole | null;
  email: string;
  email_key: string;
  status: UserStatus;
  password_hash: ColumnType<string | null, string | null | undefined, string | null>;
  second_factor_sealed: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
  second_factor_step: ColumnType<number | null, number | null | undefined, number | null>;
  created_at: Fixed<Date>;
};

type InvitationsTable = {
  user_id: Fixed<string>;
  version: number;
  token_hash: Buffer;
  expires_at: Date;
  used_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
};

type SessionsTable = {
  session_id: Fixed<string>;
  user_id: Fixed<string | null>;
  license_id: ColumnType<string | null, string | null | undefined, never>;
  customer_id: ColumnType<string | null, string | null | undefined, never>;
  email_key: ColumnType<string | null, string | null | undefined, never>;
  generation: Generated<number>;
  rotated_at: Date;
  expires_at: Date;
  ends_at: Fixed<Date>;
  ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
};

type GuessCountsTable = { bucket: Fixed<Buffer>; count: number; window_ends_at: Date };

type ApiClientsTable = {
  client_id: Fixed<string>;
  partner_id: Fixed<string>;
  name: string;
  scopes: string[];
  status: 'active' | 'revoked';
  secret_version: Generated<number>;
  secret_hash: Buffer;
  secret_created_at: Date;
  created_at: Fixed<Date>;
};

type CustomersTable = {
  customer_id: Fixed<string>;
  partner_id: Fixed<string>;
  row_id: Fixed<string>;
  name: string;
  name_key: string;
  version: Generated<number>;
  created_at: Fixed<Date>;
};

type ContactsTable = {
  contact_id: Fixed<string>;
  customer_id: Fixed<string>;
  email: string;
  email_key: string;
  name: string;
  language: Language;
  created_at: Fixed<Date>;
};

type ControllersTable = {
  install_code: Fixed<string>;
  partner_id: string;
  customer_id: string;
  device_key: string | null;
  license_count: number;
  version: number;
};

type DeviceProofsTable = { proof_hash: Fixed<Buffer>; expires_at: Fixed<Date> };

type LicensesTable = {
  license_id: Fixed<string>;
  partner_id: string;
  customer_id: string | null;
  standing: LicenseStanding;
  version: number;
};

type PortalCodesTable = {
  code_id: Fixed<string>;
  email_hash: Fixed<Buffer>;
  email_sealed: Fixed<Buffer>;
  code_hash: Fixed<Buffer>;
  slot_starts_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  used_at: ColumnType<Date | null, Date | null | undefined, Date>;
};

type PortalChallengesTable = { challenge_id: Fixed<string>; code_id: Fixed<string>; tries: Generated<number> };

type SigningKeysTable = {
  kid: Fixed<string>;
  public_key: Fixed<string>;
  private_key_sealed: Fixed<Buffer>;
  signs_from: Fixed<Date>;
  published_until: ColumnType<Date | null, Date | null | undefined, Date | null>;
  created_at: Fixed<Date>;
};

/** Tables of the account database (migrations/). */
export interface AccountTables extends KitTables {
  partners: PartnersTable;
  users: UsersTable;
  invitations: InvitationsTable;
  sessions: SessionsTable;
  guess_counts: GuessCountsTable;
  api_clients: ApiClientsTable;
  customers: CustomersTable;
  contacts: ContactsTable;
  controllers: ControllersTable;
  device_proofs: DeviceProofsTable;
  licenses: LicensesTable;
  portal_codes: PortalCodesTable;
  portal_challenges: PortalChallengesTable;
  signing_keys: SigningKeysTable;
}

export type ApiClientRow = Selectable<ApiClientsTable>;
export type ContactRow = Selectable<ContactsTable>;
export type CustomerRow = Selectable<CustomersTable>;
export type PartnerRow = Selectable<PartnersTable>;
export type UserRow = Selectable<UsersTable>;
