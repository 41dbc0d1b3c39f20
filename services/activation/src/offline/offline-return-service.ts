import type { OfflineReturn } from '@smartserver/contracts';
import { type VerifiedReturnReceipt, verifyReturnReceipt } from '@smartserver/license-document';
import {
  type Clock,
  causeOf,
  change,
  type Ids,
  type ProblemError,
  problem,
  type RequestContext,
} from '@smartserver/service-kit';
import { lockController } from '../controllers/controller-store.ts';
import { renewDocument } from '../controllers/renew-service.ts';
import type { ActivationDatabase, ActivationTransaction, ControllerRow, LicenseRow, OfflineReturnRow } from '../db.ts';
import { lockLicenses } from '../licenses/license-store.ts';
import { withoutDeadlock } from '../retry.ts';
import { takeOff } from '../returns/take-off-service.ts';
import { returnableControllers, visibleOfflineReturns } from '../tenancy.ts';
import { digestOf, isPlausible, readDeviceFile } from './device-file.ts';
import { findOfflineReturn, insertOfflineReturn, newestStays } from './offline-return-store.ts';
import { lastFileSerial } from './offline-store.ts';
import { judgeReceipt } from './receipt.ts';

type Deps = { database: ActivationDatabase; relay: { wake(): void }; clock: Clock; ids: Ids };

/** Offline return: a receipt, signed by the device, proves that licenses were removed from it [D]. */
export class OfflineReturnService {
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /**
   * Moves the licenses of a receipt back to their account: all of them, or none. The same receipt has its effect once, whoever
   * hands it in again, and is answered alike. Whoever hands it in proves nothing: the device's signature does.
   * @throws receipt_invalid; with no word about why where the caller does not see the controller
   */
  async create(context: RequestContext, text: string): Promise<OfflineReturn> {
    const receipt = readDeviceFile('receipt_invalid', () => verifyReturnReceipt(text));
    const row = await withoutDeadlock(() =>
      change(this.deps, context, async (trx) => toOfflineReturn(await this.handIn(trx, context, receipt))),
    );
    return row;
  }

  private async handIn(
    trx: ActivationTransaction,
    context: RequestContext,
    receipt: VerifiedReturnReceipt,
  ): Promise<OfflineReturnRow> {
    const { actor } = context;
    const digest = digestOf(receipt);
    // Locked first: of two that come at once, the second finds what the first has left.
    const controller = await lockController(trx, receipt.installCode, returnableControllers(actor));
    const earlier = await findOfflineReturn(trx, digest, visibleOfflineReturns(actor));
    if (earlier !== undefined) return earlier;
    if (controller === undefined) throw problem('receipt_invalid');
    requireGenuine(controller, receipt);

    const leaving = await this.leaving(trx, receipt);
    const after = await this.settle(trx, context, { controller, leaving, receipt });
    return insertOfflineReturn(trx, {
      customer_id: controller.customer_id,
      id: this.deps.ids.ordered(),
      receipt_digest: digest,
      install_code: controller.install_code,
      license_ids: receipt.licenseIds,
      receipt_serial: receipt.serial,
      serial: after.serial,
      returned_at: this.deps.clock.now(),
    });
  }

  private async leaving(trx: ActivationTransaction, receipt: VerifiedReturnReceipt): Promise<LicenseRow[]> {
    const { installCode, licenseIds, serial } = receipt;
    const licenses = await lockLicenses(trx, licenseIds);
    const stays = await newestStays(trx, installCode, licenseIds);
    const facts = { receiptSerial: serial, lastFileSerial: await lastFileSerial(trx, installCode), stays };
    const verdicts = licenseIds.map((id) => judgeReceipt(id, facts));
    if (verdicts.includes('never_there')) {
      throw invalid('The receipt names a license that was never on this SmartServer.');
    }
    if (verdicts.includes('stale')) {
      throw invalid(
        'A newer file was issued for this SmartServer, which it had not seen when the licenses were removed. Import that file there, return the licenses again, and hand in the new receipt.',
      );
    }
    return licenses.filter((license) => verdicts[licenseIds.indexOf(license.license_id)] === 'leaves');
  }

  /** The next document counts more than what the device has said that it refuses. */
  private async settle(
    trx: ActivationTransaction,
    context: RequestContext,
    facts: { controller: ControllerRow; leaving: readonly LicenseRow[]; receipt: VerifiedReturnReceipt },
  ): Promise<ControllerRow> {
    const { controller, leaving, receipt } = facts;
    const known = receipt.serial;
    if (leaving.length > 0) return takeOff(trx, this.deps, causeOf(context), controller, leaving, known);
    if (controller.serial > known) return controller;
    return renewDocument(trx, this.deps, causeOf(context), controller, { known });
  }
}

/** @throws receipt_invalid */
const requireGenuine = (controller: ControllerRow, receipt: VerifiedReturnReceipt): void => {
  if (controller.device_key === null) {
    throw invalid('No key of this SmartServer is known yet. Upload a request file of it first.');
  }
  if (controller.device_key !== receipt.thumbprint) {
    throw invalid('The receipt was not signed with the key that this SmartServer is enrolled with.');
  }
  if (controller.customer_id !== receipt.customerId) {
    throw invalid('The receipt was made under another Customer ID.');
  }
  if (!isPlausible(receipt.serial, controller.serial)) throw invalid('The serial in the receipt cannot be right.');
};

const invalid = (detail: string): ProblemError => problem('receipt_invalid', { detail });

const toOfflineReturn = (row: OfflineReturnRow): OfflineReturn => ({
  installCode: row.install_code,
  customerId: row.customer_id,
  returned: row.license_ids,
  serial: row.serial,
  returnedAt: row.returned_at.toISOString(),
});
