import { type Cause, type Clock, causeOf, change, type Ids, type RequestContext } from '@smartserver/service-kit';
import { type Expression, type SqlBool, sql } from 'kysely';
import { lockController } from '../controllers/controller-store.ts';
import { renewDocument } from '../controllers/renew-service.ts';
import type { ActivationDatabase, ActivationTransaction, ControllerRow } from '../db.ts';
import type { DocumentSigner } from '../documents/document-signer.ts';
import { issueFile } from '../offline/issue-file-service.ts';
import { findOpenOnes, replaceFiles } from '../offline/offline-store.ts';
import { withoutDeadlock } from '../retry.ts';

type Deps = { database: ActivationDatabase; relay: { wake(): void }; clock: Clock; ids: Ids; signer: DocumentSigner };

const BATCH = 100;

/*
 * After a signing key was revoked, a controller may hold documents that this key has signed, genuine or forged. Each
 * controller gets, once for each statement of revoked keys, a document with a higher serial that carries the statement.
 */

/** Gives a locked controller that document, and new files where the revoked key signed those of licenses on it. */
export const resign = async (
  trx: ActivationTransaction,
  deps: Omit<Deps, 'database' | 'relay'>,
  cause: Cause,
  controller: ControllerRow,
): Promise<void> => {
  const { signer } = deps;
  const { revocations } = signer;
  if (revocations === null) return;
  await renewDocument(trx, deps, cause, controller, { resignedFor: revocations.issuedAt });
  const open = await findOpenOnes(trx, controller.install_code);
  const dead = open.filter((row) => signer.isRevoked(row.signed_by)).map((row) => row.id);
  if (dead.length > 0) await replaceFiles(trx, dead, await issueFile(trx, signer, controller.install_code));
};

/** Documents and files that revoked keys have signed. */
export class ResignService {
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /** Sees to it that the next document of a controller counts more than any that a revoked key may have signed. */
  async resignIfStale(
    caller: Pick<RequestContext, 'actor' | 'traceparent'>,
    installCode: string,
    visible: Expression<SqlBool>,
  ): Promise<void> {
    const { signer, database } = this.deps;
    if (signer.revocations === null) return;
    const query = database.kysely.selectFrom('controllers').select('resigned_for');
    const row = await query.where('install_code', '=', installCode).where(visible).executeTakeFirst();
    if (row === undefined || !this.isStale(row)) return;
    await withoutDeadlock(() =>
      change(this.deps, { idempotency: null }, async (trx) => {
        const controller = await lockController(trx, installCode, visible);
        if (controller === undefined || !this.isStale(controller)) return;
        await resign(trx, this.deps, causeOf(caller), controller);
      }),
    );
  }

  /**
   * All of them, in the order of their install codes. Nothing is done twice: it may be stopped and started again.
   * @param told called after each batch with the number of controllers so far
   * @returns how many needed it
   */
  async resignAll(cause: Cause, told: (count: number) => void = () => undefined): Promise<number> {
    let done = 0;
    for (;;) {
      const batch = await withoutDeadlock(() =>
        change(this.deps, { idempotency: null }, (trx) => this.resignBatch(trx, cause)),
      );
      if (batch === 0) return done;
      done += batch;
      told(done);
    }
  }

  private async resignBatch(trx: ActivationTransaction, cause: Cause): Promise<number> {
    const { revocations } = this.deps.signer;
    if (revocations === null) return 0;
    const controllers = await trx
      .selectFrom('controllers')
      .selectAll()
      .where(sql<SqlBool>`(resigned_for is null or resigned_for < ${revocations.issuedAt})`)
      .orderBy('install_code')
      .limit(BATCH)
      .forNoKeyUpdate()
      .execute();
    for (const controller of controllers) await resign(trx, this.deps, cause, controller);
    return controllers.length;
  }

  private isStale({ resigned_for }: { resigned_for: Date | null }): boolean {
    const { revocations } = this.deps.signer;
    return revocations !== null && (resigned_for === null || resigned_for < revocations.issuedAt);
  }
}
