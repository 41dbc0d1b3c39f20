import type { JsonWebKeySet } from '@smartserver/contracts';
import { type Clock, createTokenSigner, type Database, type TokenContent } from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';
import type { Secrets } from '../security/secrets.ts';
import { insertNewestKey, readSigningKeys } from './keys.sql.ts';
import { ACCESS_TOKEN_SECONDS, jwkOf, keyThatSigns, publishedKeys, type SigningKey } from './rotation.ts';

/** The token keys as this process knows them. */
export type KeyRing = {
  /** @returns an access token (RFC 9068), good for {@link ACCESS_TOKEN_SECONDS} from its `issuedAt` on */
  sign(content: TokenContent): Promise<string>;
  jwks(): Promise<JsonWebKeySet>;
};

export type KeyRingDeps = { database: Database<Tables>; secrets: Secrets; clock: Clock };

/** Seconds after which keys are read again. */
const FRESH_SECONDS = 30;
/** Seconds that known keys serve on while the database is away: less than a new key is published ahead, so none is missed. */
const STALE_SECONDS = 10 * 60;

/** Reads keys when first asked, and again every half minute: every process knows a new key long before it signs. */
export const createKeyRing = ({ database, secrets, clock }: KeyRingDeps): KeyRing => {
  let known: { keys: SigningKey[]; readAt: number } | null = null;
  let reading: Promise<SigningKey[]> | null = null;
  /** Prepared once for each key. */
  let signer: { kid: string; sign: ReturnType<typeof createTokenSigner> } | null = null;

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
    async sign(content) {
      const key = keyThatSigns(await keys(), clock.now());
      if (key === null) throw new Error('There is no token key: the service was not started with ensureSigningKey.');
      if (signer?.kid !== key.kid) signer = { kid: key.kid, sign: createTokenSigner(key) };
      return signer.sign(content, ACCESS_TOKEN_SECONDS);
    },
    jwks: async () => ({ keys: publishedKeys(await keys(), clock.now()).map(jwkOf) }),
  };
};

/** Makes the first token key, unless there is one. Any number of processes may do so at once. */
export const ensureSigningKey = async ({ database, secrets, clock }: KeyRingDeps): Promise<void> => {
  const existing = await database.kysely.selectFrom('signing_keys').select('kid').limit(1).executeTakeFirst();
  if (existing !== undefined) return;
  const now = clock.now();
  await insertNewestKey(database.kysely, secrets, { signs_from: now, created_at: now });
};
