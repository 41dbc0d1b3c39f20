import type { Actor } from '@smartserver/contracts';
import { tenantOf } from '@smartserver/service-kit';
import type { Kysely, Transaction } from 'kysely';
import type { AccountTables, ApiClientRow } from '../db.ts';
import { ownedBy } from '../tenancy.ts';

type Db = Kysely<AccountTables>;
type Trx = Transaction<AccountTables>;

const visibleClients = (db: Db, actor: Actor) =>
  db
    .selectFrom('api_clients')
    .selectAll('api_clients')
    .where(ownedBy(tenantOf(actor), 'api_clients.partner_id'));

/** A client that the actor may see, held until the transaction ends; or null. */
export const lockClient = async (trx: Trx, actor: Actor, clientId: string): Promise<ApiClientRow | null> =>
  (await visibleClients(trx, actor).where('client_id', '=', clientId).forUpdate().executeTakeFirst()) ?? null;

/** One page of the clients that the actor may see, and one row more. */
export const listClients = (
  db: Db,
  actor: Actor,
  { after, limit }: { after: string | null; limit: number },
): Promise<ApiClientRow[]> => {
  let query = visibleClients(db, actor);
  if (after !== null) query = query.where('client_id', '>', after);
  return query
    .orderBy('client_id')
    .limit(limit + 1)
    .execute();
};

/** A client that can sign in, whoever asks: it has no token yet. */
export const findActiveClient = async (db: Db, clientId: string): Promise<ApiClientRow | null> => {
  const row = await db
    .selectFrom('api_clients')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('status', '=', 'active')
    .executeTakeFirst();
  return row ?? null;
};

export type NewClient = {
  clientId: string;
  partnerId: string;
  name: string;
  scopes: string[];
  secretHash: Buffer;
  createdAt: Date;
};

export const insertClient = (trx: Trx, client: NewClient): Promise<ApiClientRow> =>
  trx
    .insertInto('api_clients')
    .values({
      client_id: client.clientId,
      partner_id: client.partnerId,
      name: client.name.trim(),
      scopes: client.scopes,
      status: 'active',
      secret_hash: client.secretHash,
      secret_created_at: client.createdAt,
      created_at: client.createdAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

export const replaceClientSecret = (
  trx: Trx,
  clientId: string,
  secret: { version: number; hash: Buffer; createdAt: Date },
): Promise<ApiClientRow> =>
  trx
    .updateTable('api_clients')
    .set({ secret_version: secret.version, secret_hash: secret.hash, secret_created_at: secret.createdAt })
    .where('client_id', '=', clientId)
    .returningAll()
    .executeTakeFirstOrThrow();

export const revokeClient = (trx: Trx, clientId: string): Promise<ApiClientRow> =>
  trx
    .updateTable('api_clients')
    .set({ status: 'revoked' })
    .where('client_id', '=', clientId)
    .returningAll()
    .executeTakeFirstOrThrow();
