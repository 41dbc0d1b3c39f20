import type { Controller, ControllerPage, PutControllerRequest } from '@smartserver/contracts';
import { normalizeInstallCode } from '@smartserver/contracts';
import {
  type Clock,
  causeOf,
  change,
  decodeCursor,
  type eventually,
  type Ids,
  problem,
  type RequestContext,
  recordEvent,
  toPage,
} from '@smartserver/service-kit';
import type { ActivationDatabase, ControllerRow } from '../db.ts';
import { withoutDeadlock } from '../retry.ts';
import { deviceContact, visibleControllers, visibleCustomers } from '../tenancy.ts';
import {
  type ControllerWithCapacity,
  controllerChanged,
  findController,
  listControllers,
  lockController,
  updateController,
} from './controller-store.ts';
import { type LinkRequest, linkController } from './link-service.ts';

type Deps = {
  database: ActivationDatabase;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  eventually: typeof eventually;
};
type Caller = Pick<RequestContext, 'actor' | 'traceparent'>;

/** A controller as callers see it, with the version that its `ETag` carries. */
export type VersionedController = { controller: Controller; version: number };

/** Segment controllers: which account they are linked to, and with which key. */
export class ControllerService {
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  async list(
    { actor }: Caller,
    filter: { customerId?: string; limit: number; cursor?: string },
  ): Promise<ControllerPage> {
    const { customerId, limit, cursor } = filter;
    const found = await listControllers(this.deps.database.kysely, {
      visible: visibleControllers(actor),
      ...(customerId === undefined ? {} : { customerId }),
      after: decodeCursor(cursor, 'text'),
      limit: limit + 1,
    });
    const { rows, nextCursor } = toPage(found, limit, (row) => row.install_code);
    return { items: rows.map(toController), nextCursor };
  }

  /** @throws controller_not_found */
  async get({ actor }: Caller, installCode: string): Promise<VersionedController> {
    const visible = visibleControllers(actor);
    const row = await findController(this.deps.database.kysely, normalizeInstallCode(installCode), visible);
    if (row === undefined) throw problem('controller_not_found');
    return { controller: toController(row), version: row.version };
  }

  /**
   * Registers or describes a controller. A CMS does it for itself, which enrols its key; partners and Customer Success for
   * their customers, ahead of its first contact, with no key.
   * @param inspect called with the version of a controller that exists already, before it is changed
   * @throws customer_not_found, controller_not_found, device_proof_invalid, controller_in_use
   */
  async put(
    caller: Caller,
    installCode: string,
    body: PutControllerRequest,
    inspect: (version: number) => void,
  ): Promise<VersionedController> {
    const request: LinkRequest = {
      ...(await this.whoLinks(caller, installCode, body.customerId)),
      description: { segmentName: body.segmentName, softwareVersion: body.softwareVersion },
      inspect: (row: ControllerRow) => inspect(row.version),
    };
    const row = await withoutDeadlock(() =>
      change(this.deps, { idempotency: null }, async (trx) => {
        const { install_code } = await linkController(trx, this.deps, causeOf(caller), request);
        return findController(trx, install_code, visibleControllers(caller.actor));
      }),
    );
    if (row === undefined) throw problem('controller_not_found');
    return { controller: toController(row), version: row.version };
  }

  private async whoLinks(
    { actor }: Caller,
    installCode: string,
    customerId: string,
  ): Promise<Pick<LinkRequest, 'contact' | 'visible'>> {
    if (actor.kind === 'cms') {
      const contact = deviceContact(actor, installCode);
      if (contact.customerId !== customerId) throw problem('customer_not_found');
      return { contact };
    }
    const customer = await this.deps.eventually(async () => {
      const query = this.deps.database.kysely.selectFrom('customers').selectAll();
      return (
        (await query.where('customer_id', '=', customerId).where(visibleCustomers(actor)).executeTakeFirst()) ?? null
      );
    });
    if (customer === null) throw problem('customer_not_found');
    return {
      contact: {
        installCode: normalizeInstallCode(installCode),
        partnerId: customer.partner_id,
        customerId,
        deviceKey: null,
      },
      visible: visibleControllers(actor),
    };
  }

  /**
   * Forgets a lost device key: the next contact under the same account enrols a new one, licenses or not (rule 13).
   * @throws controller_not_found
   */
  async resetDeviceKey(caller: Caller, installCode: string): Promise<void> {
    await withoutDeadlock(() =>
      change(this.deps, { idempotency: null }, async (trx) => {
        const visible = visibleControllers(caller.actor);
        const controller = await lockController(trx, normalizeInstallCode(installCode), visible);
        if (controller === undefined) throw problem('controller_not_found');
        if (controller.device_key === null) return;
        const reset = { device_key: null, version: controller.version + 1 };
        const data = controllerChanged(await updateController(trx, controller.install_code, reset));
        await recordEvent(trx, this.deps, causeOf(caller), { type: 'controller.changed.1', data });
      }),
    );
  }
}

const toController = (row: ControllerWithCapacity): Controller => ({
  installCode: row.install_code,
  partnerId: row.partner_id,
  customerId: row.customer_id,
  segmentName: row.segment_name,
  softwareVersion: row.software_version,
  enrolled: row.device_key !== null,
  licenseCount: row.license_ids.length,
  deviceCapacity: row.device_capacity,
  serial: row.serial,
  createdAt: row.created_at.toISOString(),
});
