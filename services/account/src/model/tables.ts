import type { KitTables } from '@smartserver/service-kit';
import type { Kysely, Transaction } from 'kysely';
import type { ApiClientsTable } from './api-client.ts';
import type { Fixed, Optional } from './columns.ts';
import type { ContactsTable } from './contact.ts';
import type { ControllersTable } from './controller.ts';
import type { CustomersTable } from './customer.ts';
import type { LicensesTable } from './license.ts';
import type { PartnersTable } from './partner.ts';
import type { PortalChallengesTable, PortalCodesTable } from './portal-code.ts';
import type { SessionsTable } from './session.ts';
import type { SigningKeysTable } from './signing-key.ts';
import type { UsersTable } from './user.ts';

/** Tables of the account database (migrations/). */
export interface Tables extends KitTables {
  partners: PartnersTable;
  users: UsersTable;
  /** One per user: the next one replaces it, and its token ends with that. */
  invitations: {
    user_id: Fixed<string>;
    version: number;
    token_hash: Buffer;
    expires_at: Date;
    used_at: Optional<Date>;
  };
  sessions: SessionsTable;
  guess_counts: { bucket: Fixed<Buffer>; count: number; window_ends_at: Date };
  api_clients: ApiClientsTable;
  customers: CustomersTable;
  contacts: ContactsTable;
  controllers: ControllersTable;
  device_proofs: { proof_hash: Fixed<Buffer>; expires_at: Fixed<Date> };
  licenses: LicensesTable;
  portal_codes: PortalCodesTable;
  portal_challenges: PortalChallengesTable;
  signing_keys: SigningKeysTable;
}

export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;
