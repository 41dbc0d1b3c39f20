import type { Cause, Clock, Ids } from '@smartserver/service-kit';
import { renewDocument } from '../controllers/renew-service.ts';
import type { ActivationTransaction, ControllerRow, Executor } from '../db.ts';
import type { DocumentSigner } from '../documents/document-signer.ts';
import { resign } from '../resigning/resign-service.ts';
import { issueFile } from './issue-file-service.ts';
import type { OfflineActivationRow } from './offline-activation.ts';
import { lastReceiptSerial } from './offline-return-store.ts';
import { replaceFiles } from './offline-store.ts';

type Deps = { clock: Clock; ids: Ids; signer: DocumentSigner };

/**
 * A file is issued once and stays the same to the byte, across key rotations, so that it does not matter how often it is asked
 * for. It is issued anew only if its controller is known to refuse it: because a key that signed it was revoked, or because
 * the device has said that it is past its serial already.
 * @param controller locked
 * @param deviceSerial what the device says of itself now; 0: nothing
 * @returns whether it was issued anew
 */
export const refreshFile = async (
  trx: ActivationTransaction,
  deps: Deps,
  cause: Cause,
  {
    controller,
    row,
    deviceSerial = 0,
  }: { controller: ControllerRow; row: OfflineActivationRow; deviceSerial?: number },
): Promise<boolean> => {
  if (deps.signer.isRevoked(row.signed_by)) {
    await resign(trx, deps, cause, controller);
    return true;
  }
  if (!(await isRefusedByDevice(trx, row, deviceSerial))) return false;
  await renewDocument(trx, deps, cause, controller, { known: deviceSerial });
  await replaceFiles(trx, [row.id], await issueFile(trx, deps.signer, controller.install_code));
  return true;
};

/** Whether `refreshFile` may have something to do, looked at without any lock. */
export const mayNeedRefresh = async (
  executor: Executor,
  signer: DocumentSigner,
  row: OfflineActivationRow,
): Promise<boolean> => signer.isRevoked(row.signed_by) || (await isRefusedByDevice(executor, row, 0));

/** A device takes the serial that it has, and after a removal only greater ones. */
const isRefusedByDevice = async (
  executor: Executor,
  { install_code, serial }: OfflineActivationRow,
  deviceSerial: number,
): Promise<boolean> => {
  if (serial < deviceSerial) return true;
  const removedAt = await lastReceiptSerial(executor, install_code);
  return removedAt !== null && serial <= removedAt;
};
