import type { Kysely } from 'kysely';
import type { ActivationTables } from '../db.ts';

/** Keeps a verified statement of revoked keys, for every instance to read. */
export const keepRevocations = async (
  executor: Kysely<ActivationTables>,
  { rootKid, issuedAt, statement }: { rootKid: string; issuedAt: Date; statement: string },
): Promise<void> => {
  await executor
    .insertInto('key_revocations')
    .values({ root_kid: rootKid, issued_at: issuedAt, statement })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

/** The newest statement kept of this root key, to be verified. */
export const newestRevocations = async (
  executor: Kysely<ActivationTables>,
  rootKid: string,
): Promise<string | null> => {
  const row = await executor
    .selectFrom('key_revocations')
    .select('statement')
    .where('root_kid', '=', rootKid)
    .orderBy('issued_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.statement ?? null;
};
