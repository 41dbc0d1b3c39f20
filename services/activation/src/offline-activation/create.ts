import type { CreateOfflineActivationRequest, LicenseKind, OfflineActivation } from '@smartserver/contracts';
import { causeOf, change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import {
  activateWithin,
  judgeLicense,
  repeatUntilSettled,
  retryOnceArrived,
  settleRollback,
} from '../activate/attempt.ts';
import { isRefused, Refused, throwRefusal } from '../activate/refusal.ts';
import type { Deps } from '../deps.ts';
import { linkController } from '../link-controller/link.ts';
import { lockController, renewDocument } from '../model/controller.ts';
import type { DocumentFacts } from '../model/document.ts';
import { activatableKinds, findLicense, type VisibleLicense } from '../model/license.ts';
import { findOfActivation, issueFile, type OfflineActivationRow, toOfflineActivation } from '../model/offline-file.ts';
import type { ControllerRow, Trx } from '../model/tables.ts';
import { visibleLicenses } from '../tenancy.ts';
import { type DeviceState, isPlausible, readTarget, type Target } from './device-file.ts';
import { refreshFile } from './files.ts';

type Order = Target & { licenseId: string };
type AssignedLicense = VisibleLicense & { customer_id: string };

/**
 * Offline activation, a signed file that activates a license without Internet [U]: puts a license on a controller of its account
 * and issues the file that says so (rule 2). Asked again for the same controller, nothing changes and the answer is the same.
 * @throws validation_failed, request_file_invalid, license_not_found, contact_customer_success, license_in_use,
 *   license_not_available, license_suspended, license_revoked, controller_in_use, device_proof_invalid
 */
export const createOfflineActivation = async (
  deps: Deps,
  context: RequestContext,
  body: CreateOfflineActivationRequest,
): Promise<OfflineActivation> => {
  deps.signer.assertReady();
  const order = { licenseId: body.licenseId, ...readTarget(body) };
  const attempt = () =>
    change(deps, context, (trx) => place(trx, deps, context, order)).catch((error: unknown) => {
      settleRollback(error);
      return null;
    });
  const { kysely } = deps.database;
  const visible = visibleLicenses(tenantOf(context.actor));
  const read = async () => (await findLicense(kysely, order.licenseId, visible)) ?? null;
  return retryOnceArrived(
    () => repeatUntilSettled(deps, [order.licenseId], attempt),
    async () => (await deps.projections.waitFor(read, ['license.changed.1'])) !== null,
  ).catch(throwRefusal({ ...deps, pointer: () => '/licenseId' }));
};

const place = async (trx: Trx, deps: Deps, context: RequestContext, order: Order): Promise<OfflineActivation> => {
  const cause = causeOf(context);
  const way = { mode: 'offline' as const, kinds: activatableKinds(context.actor.kind) };
  const { license, isNew } = await judge(trx, context, order, way.kinds);
  const { device, licenseId, installCode } = order;
  const { partner_id: partnerId, customer_id: customerId } = license;
  const contact = { installCode, partnerId, customerId, deviceKey: device?.deviceKey ?? null };
  // What an old request file calls the controller does not matter any more: a repeated one changes nothing.
  const description = isNew && device !== null ? { description: device } : {};
  const controller = await linkController(trx, deps, cause, { contact, ...description });
  if (device !== null) await catchUp(trx, controller, device, isNew);

  const command = { contact, licenseIds: [licenseId], cause, idempotency: null, way };
  const { facts } = await activateWithin(trx, deps, command);
  return toOfflineActivation(await fileFor(trx, deps, context, order, license, facts));
};

/** The license first, so that with a license that could not be placed anyway no answer shows which controllers there are. */
const judge = async (
  trx: Trx,
  { actor }: RequestContext,
  { licenseId, installCode, device }: Order,
  kinds: readonly LicenseKind[],
): Promise<{ license: AssignedLicense; isNew: boolean }> => {
  const license = await findLicense(trx, licenseId, visibleLicenses(tenantOf(actor)));
  if (license === undefined) throw new Refused(['license_not_found']);
  const verdict = await judgeLicense(trx, licenseId, installCode, kinds);
  if (isRefused(verdict)) throw new Refused([verdict]);
  const { customer_id } = license;
  if (customer_id === null) throw new Refused(['license_not_available']);
  if (device !== null && device.customerId !== null && device.customerId !== customer_id) {
    throw invalid('The SmartServer that made the request file is linked to another Customer ID than the license.');
  }
  return { license: { ...license, customer_id }, isNew: verdict === 'free' };
};

const invalid = (detail: string) => problem('request_file_invalid', { detail });

/** The next document has to count more than the one the device has, which may have counted on by itself, offline. */
const catchUp = async (trx: Trx, controller: ControllerRow, device: DeviceState, isNew: boolean): Promise<void> => {
  if (!isPlausible(device.serial, controller.serial)) {
    throw invalid('The serial in the request file cannot be right.');
  }
  if (isNew && device.serial > controller.serial) {
    const update = trx.updateTable('controllers').set({ serial: device.serial });
    await update.where('install_code', '=', controller.install_code).execute();
  }
};

const fileFor = async (
  trx: Trx,
  deps: Deps,
  context: RequestContext,
  order: Order,
  license: AssignedLicense,
  facts: DocumentFacts,
): Promise<OfflineActivationRow> => {
  const cause = causeOf(context);
  const { installCode, licenseId, device } = order;
  const activationId = facts.licenses.find((each) => each.licenseId === licenseId)?.activationId;
  const controller = await lockController(trx, installCode);
  if (activationId === undefined || controller === undefined) throw new Error('an activated license is not there');
  const deviceSerial = device?.serial ?? 0;
  const row = await findOfActivation(trx, activationId);
  if (row === undefined) {
    // It was there already, and the device may be at this very serial.
    if (device !== null && device.serial >= controller.serial) {
      await renewDocument(trx, deps, cause, controller, { known: deviceSerial });
    }
    await issue(trx, deps, order, license, activationId);
  } else {
    await refreshFile(trx, deps, cause, controller, row, deviceSerial);
  }
  const issued = await findOfActivation(trx, activationId);
  if (issued === undefined) throw new Error('an offline activation that was just made is gone');
  return issued;
};

const issue = async (
  trx: Trx,
  { clock, ids, signer }: Deps,
  { licenseId, installCode, device }: Order,
  license: AssignedLicense,
  activationId: string,
): Promise<void> => {
  if (device !== null && (await wasUsed(trx, licenseId, device.digest))) {
    throw invalid(
      'The request file was used before, and the license was returned since. Make a new one on the SmartServer.',
    );
  }
  await trx
    .insertInto('offline_activations')
    .values({
      ...(await issueFile(trx, signer, installCode)),
      partner_id: license.partner_id,
      customer_id: license.customer_id,
      id: ids.ordered(),
      activation_id: activationId,
      license_id: licenseId,
      install_code: installCode,
      kind: license.kind,
      device_count: license.device_count,
      request_digest: device?.digest ?? null,
      created_at: clock.now(),
    })
    .execute();
};

/** Whether a request file has already brought a license somewhere. */
const wasUsed = async (trx: Trx, licenseId: string, requestDigest: string): Promise<boolean> => {
  const used = trx.selectFrom('offline_activations').select('id').where('license_id', '=', licenseId);
  return (await used.where('request_digest', '=', requestDigest).executeTakeFirst()) !== undefined;
};
