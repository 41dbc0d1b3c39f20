import type { Clock, Database } from '@smartserver/service-kit';
import type { AccountTables } from '../db.ts';
import type { Secrets } from '../security/secrets.ts';
import {
  deleteUnpublishedKeys,
  endPublication,
  insertNewestKey,
  lockNewestKey,
  readSigningKeys,
} from './signing-key-store.ts';
import {
  endOfPublication,
  jwkOf,
  type KeyRing,
  keyThatSigns,
  publishedKeys,
  type SigningKey,
  startOfNextKey,
} from './signing-keys.ts';

export type KeyRingDeps = { database: Database<AccountTables>; secrets: Secrets; clock: Clock };

/** Seconds after which keys are read again. */
const FRESH_SECONDS = 30;
/** Seconds that known keys serve on while the database is away: less than a new key is published ahead, so none is missed. */
const STALE_SECONDS = 10 * 60;

/** Reads keys when first asked, and again every half minute: every replica knows a new key long before it signs. */
export const createKeyRing = ({ database, secrets, clock }: KeyRingDeps): KeyRing => {
  let known: { keys: SigningKey[]; readAt: number } | null = null;
  let reading: Promise<SigningKey[]> | null = null;

  const read = async (): Promise<SigningKey[]> => {
    const readAt = clock.now().getTime();
    const keys = await readSigningKeys(database.kysely, secrets);
    known = { keys, readAt };
    return keys;
  };

  const keys = async (): Promise<SigningKey[]> => {
    const age = known === null ? Number.POSITIVE_INFINITY : Math.abs(clock.now().getTime() - known.readAt) / 1000;
    if (known !== null && age < FRESH_SECONDS) return known.keys;
    reading ??= read().finally(() => {
      reading = null;
    });
    try {
      return await reading;
    } catch (error) {
      if (known !== null && age < STALE_SECONDS) return known.keys;
      throw error;
    }
  };

  return {
    async signingKey() {
      const key = keyThatSigns(await keys(), clock.now());
      if (key === null) throw new Error('There is no token key: the service was not started with ensureSigningKey.');
      return key;
    },
    jwks: async () => ({ keys: publishedKeys(await keys(), clock.now()).map(jwkOf) }),
  };
};

/** Makes the first token key, unless there is one. Any number of replicas may do so at once. */
export const ensureSigningKey = async ({ database, secrets, clock }: KeyRingDeps): Promise<void> => {
  const existing = await database.kysely.selectFrom('signing_keys').select('kid').limit(1).executeTakeFirst();
  if (existing !== undefined) return;
  const now = clock.now();
  await insertNewestKey(database.kysely, secrets, { signsFrom: now, createdAt: now });
};

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
    const newest = await lockNewestKey(trx);
    if (newest === null) throw new Error('There is no token key yet: start the service once.');
    if (newest.signsFrom > now) return { ...newest, created: false };
    const signsFrom = startOfNextKey(now);
    await endPublication(trx, newest.kid, endOfPublication(signsFrom));
    const kid = await insertNewestKey(trx, secrets, { signsFrom, createdAt: now });
    if (kid === null) throw new Error('The token keys are being rotated by someone else.');
    await deleteUnpublishedKeys(trx, now);
    return { kid, signsFrom, created: true };
  });
