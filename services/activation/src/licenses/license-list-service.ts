import {
  type Actor,
  type AvailableLicensePage,
  type ControllerLicensePage,
  normalizeInstallCode,
} from '@smartserver/contracts';
import { type Clock, decodeCursor, problem, toPage } from '@smartserver/service-kit';
import { sql } from 'kysely';
import { judgeContact } from '../controllers/contact.ts';
import { findController } from '../controllers/controller-store.ts';
import type { ActivationDatabase } from '../db.ts';
import { type DeviceContact, deviceContact, visibleControllers } from '../tenancy.ts';
import { activatableKinds } from './kinds.ts';
import { toAvailableLicense, toControllerLicense } from './license-view.ts';

type Page = { limit: number; cursor?: string };

/** The two lists of the Manage Licenses dialog: what is on the controller, and what the account has in the cloud. */
export class LicenseListService {
  private readonly database: ActivationDatabase;
  private readonly clock: Clock;

  constructor({ database, clock }: { database: ActivationDatabase; clock: Clock }) {
    this.database = database;
    this.clock = clock;
  }

  /** In the order of their activation. @throws controller_not_found */
  async onController(actor: Actor, installCode: string, { limit, cursor }: Page): Promise<ControllerLicensePage> {
    const after = decodeCursor(cursor);
    const { kysely } = this.database;
    const controller = await findController(kysely, normalizeInstallCode(installCode), visibleControllers(actor));
    if (controller === undefined) throw problem('controller_not_found');
    const found = await kysely
      .selectFrom('licenses')
      .selectAll()
      .where('license_id', '=', sql<string>`any(${controller.license_ids}::uuid[])`)
      // One that was returned between the two reads is not there any more.
      .where('installed_on', '=', controller.install_code)
      .$if(after !== null, (query) => query.where('activation_id', '>', after))
      .orderBy('activation_id')
      .limit(limit + 1)
      .execute();
    const { rows, nextCursor } = toPage(found, limit, (row) => row.activation_id ?? '');
    const now = this.clock.now();
    return { items: rows.map((row) => toControllerLicense(row, controller.segment_name, now)), nextCursor };
  }

  /** "Download licenses from the cloud" [U]: what could be activated now. @throws controller_not_found */
  async available(actor: Actor, installCode: string, { limit, cursor }: Page): Promise<AvailableLicensePage> {
    const after = decodeCursor(cursor);
    const found = await this.database.kysely
      .selectFrom('licenses')
      .selectAll()
      .where('customer_id', '=', await this.accountOf(actor, installCode))
      .where('standing', '=', 'good')
      .where('installed_on', 'is', null)
      .where('hold_id', 'is', null)
      .where('kind', 'in', [...activatableKinds('cms')])
      .$if(after !== null, (query) => query.where('license_id', '>', after ?? ''))
      .orderBy('license_id')
      .limit(limit + 1)
      .execute();
    const { rows, nextCursor } = toPage(found, limit, (row) => row.license_id);
    return { items: rows.map(toAvailableLicense), nextCursor };
  }

  /** A device asks for the account of its session, also before the controller is linked to it. */
  private async accountOf(actor: Actor, installCode: string): Promise<string> {
    if (actor.kind === 'cms') {
      const contact = deviceContact(actor, installCode);
      if (await this.mayContact(contact)) return contact.customerId;
    } else {
      const { kysely } = this.database;
      const controller = await findController(kysely, normalizeInstallCode(installCode), visibleControllers(actor));
      if (controller !== undefined) return controller.customer_id;
    }
    throw problem('controller_not_found');
  }

  /** Whether a contact would be let in (rule 13): an activation would be next. */
  private async mayContact(contact: DeviceContact): Promise<boolean> {
    const row = await this.database.kysely
      .selectFrom('controllers')
      .selectAll()
      .where('install_code', '=', contact.installCode)
      .executeTakeFirst();
    if (row === undefined) return true;
    const link = { customerId: row.customer_id, deviceKey: row.device_key };
    return ['known', 'enrolled', 'taken_over'].includes(judgeContact(link, contact, row.license_ids.length));
  }
}
