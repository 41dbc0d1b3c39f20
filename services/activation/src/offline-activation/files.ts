import { normalizeInstallCode, type OfflineActivationPage } from '@smartserver/contracts';
import {
  type Cause,
  causeOf,
  listPage,
  type PageRequest,
  type ProblemError,
  problem,
  type RequestContext,
  tenantOf,
} from '@smartserver/service-kit';
import type { Deps, StepDeps } from '../deps.ts';
import { resign } from '../documents/resign.ts';
import { changeLocked, WITHOUT_KEY } from '../model/conflicts.ts';
import { lockController, renewDocument } from '../model/controller.ts';
import { findLicense } from '../model/license.ts';
import {
  findOfflineActivation,
  type OfflineActivationRow,
  replaceFiles,
  selectOfflineActivations,
  toOfflineActivation,
} from '../model/offline-file.ts';
import type { ControllerRow, Executor, Trx } from '../model/tables.ts';
import { everything, visibleOfflineActivations } from '../tenancy.ts';

type Filter = Record<'licenseId' | 'installCode', string | undefined>;

/** The newest first. */
export const listOfflineActivations = (
  { database }: Deps,
  { actor }: RequestContext,
  { licenseId, installCode }: Filter,
  page: PageRequest,
): Promise<OfflineActivationPage> => {
  const code = normalizeInstallCode(installCode ?? '');
  const visible = selectOfflineActivations(database.kysely)
    .where(visibleOfflineActivations(tenantOf(actor)))
    .$if(licenseId !== undefined, (query) => query.where('offline_activations.license_id', '=', licenseId ?? ''))
    .$if(installCode !== undefined, (query) => query.where('offline_activations.install_code', '=', code));
  const order = { key: 'id', column: 'offline_activations.id', order: 'desc' } as const;
  return listPage(visible, page, order, toOfflineActivation);
};

/** @throws offline_activation_not_found */
export const findVisible = async ({ database }: Deps, { actor }: RequestContext, id: string) => {
  const row = await findOfflineActivation(database.kysely, id, visibleOfflineActivations(tenantOf(actor)));
  if (row === undefined) throw problem('offline_activation_not_found');
  return row;
};

/**
 * The `.lic` file, always the same bytes unless its controller is known to refuse them.
 * @throws offline_activation_not_found; file_superseded once the license was returned; license_suspended, license_revoked
 */
export const downloadFile = async (deps: Deps, context: RequestContext, id: string) => {
  const { kysely } = deps.database;
  const row = await findVisible(deps, context, id);
  if (row.returned_at !== null) throw returned();
  const license = await findLicense(kysely, row.license_id, everything);
  if (license !== undefined && license.standing !== 'good') throw problem(`license_${license.standing}`);
  const mayNeedRefresh = deps.signer.isRevoked(row.signed_by) || (await isRefusedByDevice(kysely, row));
  const current = mayNeedRefresh ? await refresh(deps, context, row) : row;
  const query = kysely.selectFrom('offline_activations').select('file').where('id', '=', id);
  return { ...toOfflineActivation(current), ...(await query.executeTakeFirstOrThrow()) };
};

const refresh = async (deps: Deps, context: RequestContext, { id, install_code }: OfflineActivationRow) => {
  deps.signer.assertReady();
  await changeLocked(deps, WITHOUT_KEY, async (trx) => {
    const controller = await lockController(trx, install_code);
    const row = await findOfflineActivation(trx, id, everything);
    if (controller === undefined || row === undefined || row.returned_at !== null) throw returned();
    await refreshFile(trx, deps, causeOf(context), controller, row);
  });
  return findVisible(deps, context, id);
};

const returned = (): ProblemError =>
  problem('file_superseded', {
    detail: 'The license was returned, and the file is of no use any more. Make a new offline activation.',
  });

/**
 * A file is issued once and does not change by a byte, across key rotations, so that it does not matter how often it is asked
 * for. It is issued again only if its controller is known to refuse it: because a key that signed it was revoked, or because
 * the device has said that it is past its serial already.
 * @param controller locked
 * @param deviceSerial what the device says of itself now; 0: nothing
 */
export const refreshFile = async (
  trx: Trx,
  deps: StepDeps,
  cause: Cause,
  controller: ControllerRow,
  row: OfflineActivationRow,
  deviceSerial = 0,
): Promise<void> => {
  if (deps.signer.isRevoked(row.signed_by)) {
    await resign(trx, deps, cause, controller);
  } else if (await isRefusedByDevice(trx, row, deviceSerial)) {
    await renewDocument(trx, deps, cause, controller, { known: deviceSerial });
    await replaceFiles(trx, deps.signer, controller.install_code, [row.id]);
  }
};

/** A device takes the serial that it has, and after a removal, which it states in a receipt, only greater ones. */
const isRefusedByDevice = async (executor: Executor, row: OfflineActivationRow, deviceSerial = 0) => {
  const { install_code, serial } = row;
  if (serial < deviceSerial) return true;
  const query = executor.selectFrom('offline_returns').select((eb) => eb.fn.max('receipt_serial').as('removedAt'));
  const { removedAt } = await query.where('install_code', '=', install_code).executeTakeFirstOrThrow();
  return removedAt !== null && serial <= removedAt;
};

/** Shortened. */
export const licenseFileExample = `SmartServer license file, format 1

Controller:   0302E1C2A8F40011
Customer ID:  2133c667-af41-4518-94df-a2bb3b775330
Serial:       3

-----BEGIN SMARTSERVER LICENSE-----
eyJhbGciOiJFZERTQSIsInR5cCI6InNtYXJ0c2VydmVyLWxpY2Vuc2Urand0In0
-----END SMARTSERVER LICENSE-----
`;
