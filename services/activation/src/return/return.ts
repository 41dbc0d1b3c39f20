import { type CreateReturnsRequest, PROBLEMS, type ReturnsResult } from '@smartserver/contracts';
import { causeOf, problem, type RequestContext } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { judgeContact, linkOf } from '../link-controller/contact.ts';
import { linkController } from '../link-controller/link.ts';
import { changeLocked } from '../model/conflicts.ts';
import { lockController } from '../model/controller.ts';
import { type DocumentFacts, lockedDocumentFacts } from '../model/document.ts';
import { lockLicenses } from '../model/license.ts';
import type { LicenseRow, Trx } from '../model/tables.ts';
import { type DeviceContact, deviceContact } from '../tenancy.ts';
import { takeOff } from './take-off.ts';

/** What an idempotency row keeps: the document is signed again from its facts. */
type ReturnFacts = { returned: string[]; document: DocumentFacts };

/**
 * Return, "transfer to the cloud" [U]: moves licenses from the device's controller back to its account, all of them or none. One
 * that was returned before and has been nowhere since is returned already.
 * @throws validation_failed, controller_not_found, device_proof_invalid, controller_in_use, or license_not_on_controller
 *   with an entry in `errors` for each that is not there
 */
export const returnLicenses = async (
  deps: Deps,
  context: RequestContext,
  installCode: string,
  body: CreateReturnsRequest,
): Promise<ReturnsResult> => {
  const contact = deviceContact(context.actor, installCode);
  const what = whatToReturn(body);
  deps.signer.assertReady();
  const facts = await changeLocked(deps, context, (trx) => returnWithin(trx, deps, context, contact, what));
  return { returned: facts.returned, document: deps.signer.sign(facts.document) };
};

const returnWithin = async (
  trx: Trx,
  deps: Deps,
  context: RequestContext,
  contact: DeviceContact,
  what: string[] | 'all',
): Promise<ReturnFacts> => {
  const controller = await lockOwnController(trx, deps, context, contact);
  const asked = what === 'all' ? controller.license_ids : what;
  const leaving = licensesThatLeave(await lockLicenses(trx, asked), asked, contact.installCode);
  if (leaving.length > 0) await takeOff(trx, deps, causeOf(context), controller, leaving);
  return { returned: [...asked], document: await lockedDocumentFacts(trx, contact.installCode, deps.signer.kid) };
};

/** A return never takes a controller over: one that holds nothing and is linked to others is not the caller's. */
const lockOwnController = async (trx: Trx, deps: Deps, context: RequestContext, contact: DeviceContact) => {
  const controller = await lockController(trx, contact.installCode);
  if (controller === undefined) throw problem('controller_not_found');
  const verdict = judgeContact(linkOf(controller), contact, controller.license_ids.length);
  if (verdict === 'known') return controller;
  if (verdict === 'enrolled') return linkController(trx, deps, causeOf(context), { contact });
  throw problem(verdict === 'taken_over' ? 'controller_not_found' : verdict);
};

/** @throws license_not_on_controller, which names each license that is not there by its place in the request */
const licensesThatLeave = (licenses: readonly LicenseRow[], asked: readonly string[], installCode: string) => {
  const byId = new Map(licenses.map((license) => [license.license_id, license]));
  const code = 'license_not_on_controller';
  const errors = asked.flatMap((id, index) =>
    judgeReturn(byId.get(id), installCode) === code
      ? [{ pointer: `/licenseIds/${index}`, code, detail: PROBLEMS[code].title }]
      : [],
  );
  if (errors.length > 0) throw problem(code, { errors });
  return asked.flatMap((id) => byId.get(id) ?? []).filter((license) => license.installed_on === installCode);
};

/**
 * What a return does to one license: `leaves` the controller; `left`, it did so before and has been nowhere since: the device
 * retries, and nothing changes (rule 3 for returns); or it is not there to be returned. Standing does not matter: a suspended
 * license may go.
 */
const judgeReturn = (
  license: LicenseRow | undefined,
  installCode: string,
): 'leaves' | 'left' | 'license_not_on_controller' => {
  if (license?.installed_on === installCode) return 'leaves';
  return license?.installed_on === null && license.returned_from === installCode ? 'left' : 'license_not_on_controller';
};

/** `licenseIds` or `all: true`, not both. @throws validation_failed */
const whatToReturn = ({ licenseIds, all = false }: CreateReturnsRequest): string[] | 'all' => {
  if (all && licenseIds === undefined) return 'all';
  if (!all && licenseIds !== undefined) return licenseIds;
  const code = all ? 'not_allowed' : 'required';
  const detail =
    'Name the licenses in `licenseIds`, or say `all: true` for every one on the controller: one of the two.';
  throw problem('validation_failed', { errors: [{ pointer: '/licenseIds', code, detail }] });
};
