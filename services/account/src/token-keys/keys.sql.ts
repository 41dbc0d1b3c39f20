import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { keyId } from '@smartserver/license-document';
import type { Db } from '../model/tables.ts';
import type { Secrets } from '../security/secrets.ts';
import type { SigningKey } from './rotation.ts';

export const readSigningKeys = async (db: Db, secrets: Secrets): Promise<SigningKey[]> => {
  const rows = await db.selectFrom('signing_keys').selectAll().execute();
  return rows.map((row) => ({
    kid: row.kid,
    x: row.public_key,
    privateKey: createPrivateKey({ key: secrets.open(row.private_key_sealed, row.kid), format: 'der', type: 'pkcs8' }),
    signsFrom: row.signs_from,
    publishedUntil: row.published_until,
  }));
};

/**
 * Makes a key pair and stores it as the newest.
 * @returns its kid; null when another process made the newest one just now
 */
export const insertNewestKey = async (
  db: Db,
  secrets: Secrets,
  times: { signs_from: Date; created_at: Date },
): Promise<string | null> => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const kid = keyId(publicKey);
  const inserted = await db
    .insertInto('signing_keys')
    .values({
      kid,
      public_key: String(publicKey.export({ format: 'jwk' }).x),
      private_key_sealed: secrets.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), kid),
      ...times,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('kid')
    .executeTakeFirst();
  return inserted?.kid ?? null;
};
