import { normalizeInstallCode } from '@smartserver/contracts';
import {
  type Cause,
  causeOf,
  problem,
  type RequestContext,
  type StorageBase,
  tenantOf,
} from '@smartserver/service-kit';
import { type SqlBool, sql } from 'kysely';
import type { Config } from '../config.ts';
import type { Deps, StepDeps } from '../deps.ts';
import { changeLocked, WITHOUT_KEY } from '../model/conflicts.ts';
import { lockController, renewDocument } from '../model/controller.ts';
import { type DocumentFacts, readDocumentFacts } from '../model/document.ts';
import { findOpenOnes, replaceFiles } from '../model/offline-file.ts';
import type { ControllerRow, Tables, Trx } from '../model/tables.ts';
import { visibleControllers } from '../tenancy.ts';
import { shareRevocations } from './revocations.ts';
import { DocumentSigner } from './signer.ts';
import { loadSigningSet } from './signing-set.ts';

/*
 * After a signing key was revoked, a controller may hold documents that this key has signed, genuine or forged. Each
 * controller gets, once for each statement of revoked keys, a document with a higher serial that carries the statement.
 */

const BATCH = 100;

/** Gives a locked controller that document, and new files where the revoked key signed those of licenses on it. */
export const resign = async (trx: Trx, deps: StepDeps, cause: Cause, controller: ControllerRow): Promise<void> => {
  const { signer } = deps;
  const { revocations } = signer;
  if (revocations === null) return;
  await renewDocument(trx, deps, cause, controller, { resignedFor: revocations.issuedAt });
  const open = await findOpenOnes(trx, controller.install_code);
  const revoked = open.filter((row) => signer.isRevoked(row.signed_by)).map((row) => row.id);
  if (revoked.length > 0) await replaceFiles(trx, signer, controller.install_code, revoked);
};

const isStale = ({ signer }: StepDeps, { resigned_for }: { resigned_for: Date | null }): boolean =>
  signer.revocations !== null && (resigned_for === null || resigned_for < signer.revocations.issuedAt);

/**
 * Facts of a controller's newest document, which it fetches as often as it likes (rule 12), and which counts more than any that a
 * revoked key may have signed.
 * @throws controller_not_found
 */
export const newestFacts = async (deps: Deps, context: RequestContext, code: string): Promise<DocumentFacts> => {
  const { signer, database } = deps;
  const visible = visibleControllers(tenantOf(context.actor));
  const installCode = normalizeInstallCode(code);
  if (signer.revocations !== null) {
    const query = database.kysely.selectFrom('controllers').select('resigned_for');
    const row = await query.where('install_code', '=', installCode).where(visible).executeTakeFirst();
    if (row !== undefined && isStale(deps, row)) {
      await changeLocked(deps, WITHOUT_KEY, async (trx) => {
        const controller = await lockController(trx, installCode, visible);
        if (controller !== undefined && isStale(deps, controller)) {
          await resign(trx, deps, causeOf(context), controller);
        }
      });
    }
  }
  const facts = await readDocumentFacts(database.kysely, installCode, visible, signer.kid);
  if (facts === null) throw problem('controller_not_found');
  return facts;
};

const SYSTEM = { actor: { kind: 'system', id: 'resign-documents' }, traceparent: null } as const;

/**
 * The command: gives every controller, in the order of install codes, a document with a higher serial after signing keys were
 * revoked, and issues the offline activation files again that one of them had signed. A running activation service publishes the
 * events. Nothing is done twice: it may be stopped and started again; without a statement of revoked keys there is nothing to do.
 * @param progress called after each batch with the number of controllers so far
 * @returns how many needed it
 */
export const resignDocuments = async (
  base: StorageBase<Tables, Config>,
  progress: (count: number) => void = () => undefined,
): Promise<number> => {
  const { config, clock, logger } = base;
  const signer = new DocumentSigner(loadSigningSet(config, clock.now(), logger), clock);
  await shareRevocations({ ...base, signer });
  signer.assertReady();
  // The relay of a running service looks for new events by itself.
  const deps = { ...base, relay: { wake: () => undefined }, signer };
  for (let done = 0; ; progress(done)) {
    const batch = await changeLocked(deps, WITHOUT_KEY, async (trx) => {
      const controllers = await lockStale(trx, signer);
      for (const controller of controllers) await resign(trx, deps, SYSTEM, controller);
      return controllers.length;
    });
    if (batch === 0) return done;
    done += batch;
  }
};

const lockStale = async (trx: Trx, { revocations }: DocumentSigner): Promise<ControllerRow[]> =>
  revocations === null
    ? []
    : trx
        .selectFrom('controllers')
        .selectAll()
        .where(sql<SqlBool>`(resigned_for is null or resigned_for < ${revocations.issuedAt})`)
        .orderBy('install_code')
        .limit(BATCH)
        .forNoKeyUpdate()
        .execute();
