import { type Cause, type NewEvent, problem, recordEvent, recordEvents } from '@smartserver/service-kit';
import type { Expression, SqlBool } from 'kysely';
import type { StepDeps } from '../deps.ts';
import {
  controllerChanged,
  lockController,
  nextDocument,
  returningChanged,
  updateController,
} from '../model/controller.ts';
import type { ControllerRow, Trx } from '../model/tables.ts';
import { type Contact, judgeContact, linkOf } from './contact.ts';

/** Who links which controller to which account. */
export type LinkRequest = {
  contact: Contact;
  /** Left as it is where absent. */
  description?: { segmentName: string; softwareVersion: string };
  /** Which existing controllers the caller may touch at all. A device may contact any: rule 13 judges it. */
  visible?: Expression<SqlBool>;
  /** Called with the locked row before it is changed; may refuse by throwing. */
  inspect?: (controller: ControllerRow) => void;
};

/**
 * Links a controller to an account and enrols its key, by rule 13; a new one is made. Leaves the controller's row locked.
 * @throws controller_not_found, device_proof_invalid, controller_in_use
 */
export const linkController = async (trx: Trx, deps: StepDeps, cause: Cause, request: LinkRequest) => {
  const { contact, description, visible, inspect } = request;
  // Waits for another first contact that is under way, and inserts nothing if that one succeeds.
  const created = await trx
    .insertInto('controllers')
    .values({
      partner_id: contact.partnerId,
      customer_id: contact.customerId,
      install_code: contact.installCode,
      segment_name: description?.segmentName ?? contact.installCode,
      software_version: description?.softwareVersion ?? 'unknown',
      device_key: contact.deviceKey,
      document_issued_at: deps.clock.now(),
      created_at: deps.clock.now(),
    })
    .onConflict((conflict) => conflict.column('install_code').doNothing())
    .returningAll()
    .returning(returningChanged)
    .executeTakeFirst();
  if (created !== undefined) {
    await recordEvent(trx, deps, cause, controllerChanged(created));
    return created;
  }
  const controller = await lockController(trx, contact.installCode, visible);
  if (controller === undefined) throw problem('controller_not_found');
  inspect?.(controller);
  return relink(trx, deps, cause, controller, request);
};

const relink = async (
  trx: Trx,
  deps: StepDeps,
  cause: Cause,
  controller: ControllerRow,
  { contact, description }: LinkRequest,
): Promise<ControllerRow> => {
  const before = linkOf(controller);
  const verdict = judgeContact(before, contact, controller.license_ids.length);
  if (verdict === 'device_proof_invalid' || verdict === 'controller_in_use') throw problem(verdict);

  const segmentName = description?.segmentName ?? controller.segment_name;
  const softwareVersion = description?.softwareVersion ?? controller.software_version;
  const described = segmentName !== controller.segment_name || softwareVersion !== controller.software_version;
  if (verdict === 'known' && !described) return controller;

  const now = deps.clock.now();
  const updated = await updateController(trx, controller, {
    partner_id: contact.partnerId,
    customer_id: contact.customerId,
    device_key: contact.deviceKey ?? controller.device_key,
    segment_name: segmentName,
    software_version: softwareVersion,
    // The document names the account: another one needs a new document.
    ...(controller.customer_id === contact.customerId ? {} : nextDocument(controller, now)),
  });
  const events: NewEvent<'controller.changed.1' | 'controller.relinked.1'>[] = [controllerChanged(updated)];
  if (verdict === 'taken_over') {
    const customerIds = [...new Set([before.customerId, contact.customerId])];
    const customerVersions = await versionsOf(trx, customerIds);
    const data = { installCode: controller.install_code, customerIds, customerVersions, at: now.toISOString() };
    events.push({ type: 'controller.relinked.1', data });
  }
  await recordEvents(trx, deps, cause, events);
  return updated;
};

/** At least these versions of the customers must be known where their contacts are notified. */
const versionsOf = async (trx: Trx, customerIds: string[]): Promise<Record<string, number>> => {
  const query = trx.selectFrom('customers').select(['customer_id', 'version']);
  const rows = await query.where('customer_id', 'in', customerIds).execute();
  return Object.fromEntries(rows.map(({ customer_id, version }) => [customer_id, version]));
};
