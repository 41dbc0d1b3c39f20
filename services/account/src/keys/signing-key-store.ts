import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { keyId } from '@smartserver/license-document';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';
import type { Secrets } from '../security/secrets.ts';
import type { SigningKey } from './signing-keys.ts';

export const readSigningKeys = async (db: Kysely<AccountTables>, secrets: Secrets): Promise<SigningKey[]> => {
  const rows = await db.selectFrom('signing_keys').selectAll().execute();
  return rows.map((row) => ({
    kid: row.kid,
    x: row.public_key,
    privateKey: createPrivateKey({ key: secrets.open(row.private_key_sealed, row.kid), format: 'der', type: 'pkcs8' }),
    signsFrom: row.signs_from,
    publishedUntil: row.published_until,
  }));
};

/** The newest key, with all rotations but this one shut out until the transaction ends; null when there is no key yet. */
export const lockNewestKey = async (
  trx: Transaction<AccountTables>,
): Promise<{ kid: string; signsFrom: Date } | null> => {
  // Not a row lock: whoever waited for the row would find that it is no longer the newest one, and no other.
  await sql`select pg_advisory_xact_lock(hashtext('signing_keys'))`.execute(trx);
  const row = await trx
    .selectFrom('signing_keys')
    .select(['kid', 'signs_from'])
    .where('published_until', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : { kid: row.kid, signsFrom: row.signs_from };
};

export const endPublication = (trx: Transaction<AccountTables>, kid: string, publishedUntil: Date) =>
  trx.updateTable('signing_keys').set({ published_until: publishedUntil }).where('kid', '=', kid).execute();

/**
 * Makes a key pair and stores it as the newest.
 * @returns its kid; null when another replica made the newest one just now
 */
export const insertNewestKey = async (
  db: Kysely<AccountTables>,
  secrets: Secrets,
  times: { signsFrom: Date; createdAt: Date },
): Promise<string | null> => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const kid = keyId(publicKey);
  const inserted = await db
    .insertInto('signing_keys')
    .values({
      kid,
      public_key: String(publicKey.export({ format: 'jwk' }).x),
      private_key_sealed: secrets.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), kid),
      signs_from: times.signsFrom,
      created_at: times.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('kid')
    .executeTakeFirst();
  return inserted?.kid ?? null;
};

/** Keys that nobody needs any more: their private halves should not lie about. */
export const deleteUnpublishedKeys = (db: Kysely<AccountTables>, now: Date) =>
  db.deleteFrom('signing_keys').where('published_until', '<', now).execute();
