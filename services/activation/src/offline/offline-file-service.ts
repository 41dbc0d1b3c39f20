import { normalizeInstallCode, type OfflineActivation, type OfflineActivationPage } from '@smartserver/contracts';
import {
  type Clock,
  causeOf,
  change,
  decodeCursor,
  type Ids,
  type ProblemError,
  problem,
  type RequestContext,
  toPage,
} from '@smartserver/service-kit';
import { sql } from 'kysely';
import { lockController } from '../controllers/controller-store.ts';
import type { ActivationDatabase } from '../db.ts';
import type { DocumentSigner } from '../documents/document-signer.ts';
import { findLicense } from '../licenses/license-store.ts';
import { withoutDeadlock } from '../retry.ts';
import { visibleOfflineActivations } from '../tenancy.ts';
import { mayNeedRefresh, refreshFile } from './file-service.ts';
import { type OfflineActivationRow, toOfflineActivation } from './offline-activation.ts';
import { findOfflineActivation, listOfflineActivations, readFile } from './offline-store.ts';

type Deps = { database: ActivationDatabase; relay: { wake(): void }; clock: Clock; ids: Ids; signer: DocumentSigner };
type Caller = Pick<RequestContext, 'actor' | 'traceparent'>;

/** Offline activations that were made, and their files. */
export class OfflineFileService {
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /** The newest first. */
  async list(
    { actor }: Caller,
    filter: { licenseId?: string; installCode?: string; limit: number; cursor?: string },
  ): Promise<OfflineActivationPage> {
    const { licenseId, installCode, limit, cursor } = filter;
    const found = await listOfflineActivations(this.deps.database.kysely, {
      visible: visibleOfflineActivations(actor),
      ...(licenseId === undefined ? {} : { licenseId }),
      ...(installCode === undefined ? {} : { installCode: normalizeInstallCode(installCode) }),
      before: decodeCursor(cursor),
      limit: limit + 1,
    });
    const { rows, nextCursor } = toPage(found, limit, (row) => row.id);
    return { items: rows.map(toOfflineActivation), nextCursor };
  }

  /** @throws offline_activation_not_found */
  async get(caller: Caller, id: string): Promise<OfflineActivation> {
    return toOfflineActivation(await this.find(caller, id));
  }

  /**
   * The `.lic` file, always the same bytes unless its controller is known to refuse them.
   * @throws offline_activation_not_found; file_superseded once the license was returned; license_suspended, license_revoked
   */
  async download(caller: Caller, id: string): Promise<OfflineActivation & { file: string }> {
    const row = await this.find(caller, id);
    if (row.returned_at !== null) throw returned();
    const license = await findLicense(this.deps.database.kysely, row.license_id, sql<boolean>`true`);
    if (license !== undefined && license.standing !== 'good') throw problem(`license_${license.standing}`);
    const current = (await this.mayNeedRefresh(row)) ? await this.refresh(caller, row) : row;
    return { ...toOfflineActivation(current), file: await readFile(this.deps.database.kysely, id) };
  }

  private async find({ actor }: Caller, id: string): Promise<OfflineActivationRow> {
    const visible = visibleOfflineActivations(actor);
    const row = await findOfflineActivation(this.deps.database.kysely, id, visible);
    if (row === undefined) throw problem('offline_activation_not_found');
    return row;
  }

  private mayNeedRefresh(row: OfflineActivationRow): Promise<boolean> {
    return mayNeedRefresh(this.deps.database.kysely, this.deps.signer, row);
  }

  private async refresh(caller: Caller, { id, install_code }: OfflineActivationRow): Promise<OfflineActivationRow> {
    this.deps.signer.assertReady();
    const everything = sql<boolean>`true`;
    await withoutDeadlock(() =>
      change(this.deps, { idempotency: null }, async (trx) => {
        const controller = await lockController(trx, install_code);
        const row = await findOfflineActivation(trx, id, everything);
        if (controller === undefined || row === undefined || row.returned_at !== null) throw returned();
        await refreshFile(trx, this.deps, causeOf(caller), { controller, row });
      }),
    );
    return this.find(caller, id);
  }
}

const returned = (): ProblemError =>
  problem('file_superseded', {
    detail: 'The license was returned, and the file is of no use any more. Make a new offline activation.',
  });
