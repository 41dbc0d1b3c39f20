import type { Database } from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';
import type { DocumentSigner } from './signer.ts';

type RevocationDeps = { database: Database<Tables>; signer: DocumentSigner };

/**
 * Statements of revoked keys are shared through the database: the first instance that is started with one stores it for all others,
 * which stop signing with a revoked key while they wait for their own restart. Keeps the statement that this instance was started
 * with, and learns a newer one.
 */
export const shareRevocations = async (deps: RevocationDeps): Promise<void> => {
  const { database, signer } = deps;
  const known = signer.revocations;
  if (known !== null) {
    await database.kysely
      .insertInto('key_revocations')
      .values({ root_kid: signer.rootKid, issued_at: known.issuedAt, statement: known.statement })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await learnRevocations(deps);
};

/** Takes over a newer statement. A database that is away activates nothing either. */
export const learnRevocations = async ({ database, signer }: RevocationDeps): Promise<void> => {
  const newest = await database.kysely
    .selectFrom('key_revocations')
    .select('statement')
    .where('root_kid', '=', signer.rootKid)
    .orderBy('issued_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest !== undefined) signer.learn(newest.statement);
};
