import { sql } from 'kysely';
import type { KeyRingDeps } from './key-ring.ts';
import { insertNewestKey } from './keys.sql.ts';
import { endOfPublication, startOfNextKey } from './rotation.ts';

export type Rotation = {
  kid: string;
  signsFrom: Date;
  /** False when a key was already waiting for its time: then nothing was changed. */
  created: boolean;
};

/**
 * Begins the rotation of the token keys. The new key is published at once and signs from 15 minutes later; the old one stays
 * published until its last token has expired: at no time is there a token that a verifier cannot check. [guarantees.md 18]
 * @throws Error when there is no key at all yet
 */
export const rotateSigningKey = ({ database, secrets, clock }: KeyRingDeps): Promise<Rotation> =>
  database.kysely.transaction().execute(async (trx) => {
    const now = clock.now();
    // Not a row lock: a rotation that waited for the row would find that it is no longer the newest one, and no other.
    await sql`select pg_advisory_xact_lock(hashtext('signing_keys'))`.execute(trx);
    const keys = trx.selectFrom('signing_keys').select(['kid', 'signs_from as signsFrom']);
    const newest = await keys.where('published_until', 'is', null).executeTakeFirst();
    if (newest === undefined) throw new Error('There is no token key yet: start the service once.');
    if (newest.signsFrom > now) return { ...newest, created: false };
    const signsFrom = startOfNextKey(now);
    const published_until = endOfPublication(signsFrom);
    await trx.updateTable('signing_keys').set({ published_until }).where('kid', '=', newest.kid).execute();
    const kid = await insertNewestKey(trx, secrets, { signs_from: signsFrom, created_at: now });
    if (kid === null) throw new Error('The token keys are being rotated by another process.');
    // No longer needed: private keys are not kept longer than that.
    await trx.deleteFrom('signing_keys').where('published_until', '<', now).execute();
    return { kid, signsFrom, created: true };
  });
