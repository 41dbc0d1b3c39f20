import type { CreateOfflineActivationRequest, OfflineActivation } from '@smartserver/contracts';
import {
  type Clock,
  causeOf,
  change,
  type eventually,
  type Ids,
  problem,
  type RequestContext,
} from '@smartserver/service-kit';
import type { ActivationRow } from '../activations/activation-command.ts';
import type { ActivationRunner } from '../activations/activation-run-service.ts';
import { controllerFull, isRefused, Refused, refusal } from '../activations/refusal.ts';
import { lockController, updateController } from '../controllers/controller-store.ts';
import { linkController } from '../controllers/link-service.ts';
import { renewDocument } from '../controllers/renew-service.ts';
import type { ActivationDatabase, ActivationTransaction, ControllerRow } from '../db.ts';
import type { DocumentSigner } from '../documents/document-signer.ts';
import type { DocumentFacts } from '../documents/license-document.ts';
import { activatableKinds } from '../licenses/kinds.ts';
import { findLicense, type VisibleLicense } from '../licenses/license-store.ts';
import { visibleLicenses } from '../tenancy.ts';
import { type DeviceWord, isPlausible, readWish, type Wish } from './device-file.ts';
import { refreshFile } from './file-service.ts';
import { issueFile } from './issue-file-service.ts';
import { type OfflineActivationRow, toOfflineActivation } from './offline-activation.ts';
import { findOfActivation, insertOfflineActivation, wasUsed } from './offline-store.ts';

type Deps = {
  database: ActivationDatabase;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  signer: DocumentSigner;
  runner: ActivationRunner;
  eventually: typeof eventually;
  /** How to reach Customer Success. */
  contact: string;
};

type Order = Wish & { licenseId: string };

/** Undoes an attempt that met another change on its way: it is made again. */
class Moved extends Error {}

const POINTER = '/licenseId';

/** Offline activation: a signed file that activates a license without Internet [U]. */
export class OfflineActivationService {
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /**
   * Puts a license on a controller of its account and issues the file that says so (rule 2). Asked again for the same
   * controller, nothing changes and the answer is the same.
   * @throws validation_failed, request_file_invalid, license_not_found, contact_customer_success, license_in_use,
   *   license_not_available, license_suspended, license_revoked, controller_in_use, device_proof_invalid
   */
  async create(context: RequestContext, body: CreateOfflineActivationRequest): Promise<OfflineActivation> {
    const { signer, contact } = this.deps;
    signer.assertReady();
    const order = { licenseId: body.licenseId, ...readWish(body) };
    try {
      return await this.place(context, order);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw refusal(error.verdicts, { contact, pointer: () => POINTER });
    }
  }

  private async place(context: RequestContext, order: Order): Promise<OfflineActivation> {
    const attempt = () =>
      this.deps.runner.settle([order.licenseId], async () => {
        try {
          return await change(this.deps, context, (trx) => this.placeIn(trx, context, order));
        } catch (error) {
          if (error instanceof Moved) return null;
          throw error;
        }
      });
    try {
      return await attempt();
    } catch (error) {
      // A transfer that was made a moment ago may still be on its way here.
      const unknown = error instanceof Refused && error.verdicts.includes('license_not_found');
      if (!unknown || !(await this.hasArrived(context, order))) throw error;
    }
    return attempt();
  }

  private async hasArrived({ actor }: RequestContext, { licenseId }: Order): Promise<boolean> {
    const { database, eventually } = this.deps;
    const found = await eventually(
      async () => (await findLicense(database.kysely, licenseId, visibleLicenses(actor))) ?? null,
    );
    return found !== null;
  }

  private async placeIn(trx: ActivationTransaction, context: RequestContext, order: Order): Promise<OfflineActivation> {
    const { runner } = this.deps;
    const cause = causeOf(context);
    const way = { mode: 'offline' as const, kinds: activatableKinds(context.actor.kind) };
    const { license, isNew } = await this.judge(trx, context, order, way.kinds);
    const contact = {
      installCode: order.installCode,
      partnerId: license.partner_id,
      customerId: license.customer_id,
      deviceKey: order.device?.deviceKey ?? null,
    };
    // What an old request file calls the controller does not matter any more: a repeated one changes nothing.
    const description = isNew && order.device !== null ? { description: order.device } : {};
    const controller = await linkController(trx, this.deps, cause, { contact, ...description });
    if (order.device !== null) await catchUp(trx, controller, order.device, isNew);

    const command = { contact, licenseIds: [order.licenseId], cause, idempotency: null, way };
    const facts = factsOf(await runner.activateIn(trx, command));
    return toOfflineActivation(await this.fileFor(trx, context, order, license, facts));
  }

  /**
   * The license first, so that nobody finds out with a license that could not be placed anyway which controllers there are.
   */
  private async judge(
    trx: ActivationTransaction,
    { actor }: RequestContext,
    { licenseId, installCode, device }: Order,
    kinds: ReturnType<typeof activatableKinds>,
  ): Promise<{ license: AssignedLicense; isNew: boolean }> {
    const license = await findLicense(trx, licenseId, visibleLicenses(actor));
    if (license === undefined) throw new Refused(['license_not_found']);
    const verdict = await this.deps.runner.judge(trx, { licenseId, installCode, kinds });
    if (isRefused(verdict)) throw new Refused([verdict]);
    const { customer_id } = license;
    if (customer_id === null) throw new Refused(['license_not_available']);
    if (device !== null && device.customerId !== null && device.customerId !== customer_id) {
      throw problem('request_file_invalid', {
        detail: 'The SmartServer that made the request file is linked to another Customer ID than the license.',
      });
    }
    return { license: { ...license, customer_id }, isNew: verdict === 'free' };
  }

  private async fileFor(
    trx: ActivationTransaction,
    context: RequestContext,
    order: Order,
    license: AssignedLicense,
    facts: DocumentFacts,
  ): Promise<OfflineActivationRow> {
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
        await renewDocument(trx, this.deps, cause, controller, { known: deviceSerial });
      }
      await this.issue(trx, order, license, activationId);
    } else {
      await refreshFile(trx, this.deps, cause, { controller, row, deviceSerial });
    }
    const settled = await findOfActivation(trx, activationId);
    if (settled === undefined) throw new Error('an offline activation that was just made is gone');
    return settled;
  }

  private async issue(
    trx: ActivationTransaction,
    { licenseId, installCode, device }: Order,
    license: AssignedLicense,
    activationId: string,
  ): Promise<void> {
    const { clock, ids, signer } = this.deps;
    if (device !== null && (await wasUsed(trx, licenseId, device.digest))) throw usedBefore();
    await insertOfflineActivation(trx, {
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
    });
  }
}

type AssignedLicense = VisibleLicense & { customer_id: string };

/** The next document has to count more than the one the device has, which may have counted on by itself, offline. */
const catchUp = async (
  trx: ActivationTransaction,
  controller: ControllerRow,
  device: DeviceWord,
  isNew: boolean,
): Promise<void> => {
  if (!isPlausible(device.serial, controller.serial)) {
    throw problem('request_file_invalid', { detail: 'The serial in the request file cannot be right.' });
  }
  if (isNew && device.serial > controller.serial) {
    await updateController(trx, controller.install_code, { serial: device.serial });
  }
};

const usedBefore = () =>
  problem('request_file_invalid', {
    detail: 'The request file was used before, and the license was returned since. Make a new one on the SmartServer.',
  });

const factsOf = (row: ActivationRow): DocumentFacts => {
  if (row.verdicts !== null) throw new Refused(row.verdicts);
  if (row.outcome === 'full') throw controllerFull();
  if (row.outcome !== 'done' || row.facts === null) throw new Moved();
  return JSON.parse(row.facts);
};
