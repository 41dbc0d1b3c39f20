import type { AvailableLicensePage, ControllerLicensePage } from '@smartserver/contracts';
import { listPage, type PageRequest, problem, type RequestContext } from '@smartserver/service-kit';
import { sql } from 'kysely';
import { getController } from '../controllers/controllers.ts';
import type { Deps } from '../deps.ts';
import { judgeContact, linkOf } from '../link-controller/contact.ts';
import { activatableKinds, toAvailableLicense, toControllerLicense } from '../model/license.ts';
import { type DeviceContact, deviceContact } from '../tenancy.ts';

/** What is on the controller, in the order of activation. @throws controller_not_found */
export const listControllerLicenses = async (
  deps: Deps,
  context: RequestContext,
  installCode: string,
  page: PageRequest,
): Promise<ControllerLicensePage> => {
  const controller = await getController(deps, context, installCode);
  const installed = deps.database.kysely
    .selectFrom('licenses')
    .selectAll()
    .where('license_id', '=', sql<string>`any(${controller.license_ids}::uuid[])`)
    // One that was returned between the two reads is not there any more.
    .where('installed_on', '=', controller.install_code);
  const now = deps.clock.now();
  return listPage(installed, page, { key: 'activation_id' }, (row) =>
    toControllerLicense(row, controller.segment_name, now),
  );
};

/** "Download licenses from the cloud" [U]: what could be activated now. @throws controller_not_found */
export const listAvailableLicenses = async (
  deps: Deps,
  context: RequestContext,
  installCode: string,
  page: PageRequest,
): Promise<AvailableLicensePage> => {
  const available = deps.database.kysely
    .selectFrom('licenses')
    .selectAll()
    .where('customer_id', '=', await accountOf(deps, context, installCode))
    .where('standing', '=', 'good')
    .where('installed_on', 'is', null)
    .where('hold_id', 'is', null)
    .where('kind', 'in', [...activatableKinds('cms')]);
  return listPage(available, page, { key: 'license_id' }, toAvailableLicense);
};

/** A device asks for the account of its session, also before the controller is linked to it. */
const accountOf = async (deps: Deps, context: RequestContext, installCode: string): Promise<string> => {
  if (context.actor.kind !== 'cms') return (await getController(deps, context, installCode)).customer_id;
  const contact = deviceContact(context.actor, installCode);
  if (!(await mayContact(deps, contact))) throw problem('controller_not_found');
  return contact.customerId;
};

/** Whether a contact would be let in (rule 13): an activation would be next. */
const mayContact = async ({ database }: Deps, contact: DeviceContact): Promise<boolean> => {
  const query = database.kysely.selectFrom('controllers').select(['customer_id', 'device_key', 'license_ids']);
  const controller = await query.where('install_code', '=', contact.installCode).executeTakeFirst();
  if (controller === undefined) return true;
  const verdict = judgeContact(linkOf(controller), contact, controller.license_ids.length);
  return ['known', 'enrolled', 'taken_over'].includes(verdict);
};
