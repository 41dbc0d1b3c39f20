import type { OfflineReturn } from '@smartserver/contracts';
import { type VerifiedReturnReceipt, verifyReturnReceipt } from '@smartserver/license-document';
import { causeOf, type ProblemError, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import { sql } from 'kysely';
import type { Deps } from '../deps.ts';
import { changeLocked } from '../model/conflicts.ts';
import { lockController, renewDocument } from '../model/controller.ts';
import { lockLicenses } from '../model/license.ts';
import { lastFileSerial } from '../model/offline-file.ts';
import type { ControllerRow, LicenseRow, OfflineReturnRow, Trx } from '../model/tables.ts';
import { digestOf, isPlausible, readDeviceFile } from '../offline-activation/device-file.ts';
import { takeOff } from '../return/take-off.ts';
import { returnableControllers, visibleOfflineReturns } from '../tenancy.ts';
import { judgeReceipt } from './receipt.ts';

/**
 * Offline return: a receipt, signed by the device, proves that licenses were removed from it [D]. Moves them back to their account:
 * all of them, or none. The same receipt has its effect once, also when it is handed in again, and is answered alike. Who hands it in
 * proves nothing: the device's signature does.
 * @throws receipt_invalid; without a reason where the caller does not see the controller
 */
export const handInReceipt = (deps: Deps, context: RequestContext, text: string): Promise<OfflineReturn> => {
  const receipt = readDeviceFile('receipt_invalid', () => verifyReturnReceipt(text));
  return changeLocked(deps, context, async (trx) => toOfflineReturn(await handIn(trx, deps, context, receipt)));
};

const toOfflineReturn = (row: OfflineReturnRow): OfflineReturn => ({
  installCode: row.install_code,
  customerId: row.customer_id,
  returned: row.license_ids,
  serial: row.serial,
  returnedAt: row.returned_at.toISOString(),
});

const handIn = async (trx: Trx, deps: Deps, context: RequestContext, receipt: VerifiedReturnReceipt) => {
  const tenant = tenantOf(context.actor);
  const digest = digestOf(receipt);
  // Locked first: of two that come at once, the second finds what the first has left.
  const controller = await lockController(trx, receipt.installCode, returnableControllers(tenant));
  const known = trx.selectFrom('offline_returns').selectAll().where('receipt_digest', '=', digest);
  const earlier = await known.where(visibleOfflineReturns(tenant)).executeTakeFirst();
  if (earlier !== undefined) return earlier;
  if (controller === undefined) throw problem('receipt_invalid');
  requireGenuine(controller, receipt);
  const leaving = await licensesThatLeave(trx, receipt);
  const cause = causeOf(context);
  const { serial } = receipt;
  // The next document counts more than what the device has said that it refuses.
  let after = controller;
  if (leaving.length > 0) after = await takeOff(trx, deps, cause, controller, leaving, serial);
  else if (controller.serial <= serial) after = await renewDocument(trx, deps, cause, controller, { known: serial });
  return trx
    .insertInto('offline_returns')
    .values({
      customer_id: controller.customer_id,
      id: deps.ids.ordered(),
      receipt_digest: digest,
      install_code: controller.install_code,
      license_ids: receipt.licenseIds,
      receipt_serial: serial,
      serial: after.serial,
      returned_at: deps.clock.now(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
};

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

const licensesThatLeave = async (trx: Trx, receipt: VerifiedReturnReceipt): Promise<LicenseRow[]> => {
  const { installCode, licenseIds, serial } = receipt;
  const licenses = await lockLicenses(trx, licenseIds);
  const activations = await newestActivations(trx, installCode, licenseIds);
  const facts = { receiptSerial: serial, lastFileSerial: await lastFileSerial(trx, installCode), activations };
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
};

/** The newest activation of each license on the controller; those that were never there are missing. */
const newestActivations = (trx: Trx, installCode: string, licenseIds: readonly string[]) =>
  trx
    .selectFrom('activations')
    .select(['license_id', 'serial'])
    .select(sql<boolean>`returned_at is null`.as('open'))
    .distinctOn('license_id')
    .where('license_id', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
    .where('install_code', '=', installCode)
    .orderBy('license_id')
    // Ids of two processes are in order as far as their clocks are: an open activation is the newest, whatever its id.
    .orderBy(sql`returned_at is null`, 'desc')
    .orderBy('id', 'desc')
    .execute();
