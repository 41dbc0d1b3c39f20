import type { CreateReturnsRequest, ReturnsResult } from '@smartserver/contracts';
import { type Clock, causeOf, change, type Ids, problem, type RequestContext } from '@smartserver/service-kit';
import { sql } from 'kysely';
import { judgeContact } from '../controllers/contact.ts';
import { lockController } from '../controllers/controller-store.ts';
import { linkController } from '../controllers/link-service.ts';
import type { ActivationDatabase, ActivationTransaction, ControllerRow, LicenseRow } from '../db.ts';
import type { DocumentSigner } from '../documents/document-signer.ts';
import { readDocumentFacts } from '../documents/document-store.ts';
import type { DocumentFacts } from '../documents/license-document.ts';
import { lockLicenses } from '../licenses/license-store.ts';
import { withoutDeadlock } from '../retry.ts';
import { type DeviceContact, deviceContact } from '../tenancy.ts';
import { judgeReturn, notOnController, whatToReturn } from './return.ts';
import { takeOff } from './take-off-service.ts';

type Deps = { database: ActivationDatabase; relay: { wake(): void }; clock: Clock; ids: Ids; signer: DocumentSigner };

/** What an idempotency row keeps: the document is signed again from its facts. */
type ReturnFacts = { returned: string[]; document: DocumentFacts };

/** Return: "transfer to the cloud" [U]. */
export class ReturnService {
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /**
   * Moves licenses from the device's controller back to its account: all of them, or none. One that was returned before and has
   * been nowhere since is returned already.
   * @throws validation_failed, controller_not_found, device_proof_invalid, controller_in_use, or license_not_on_controller
   *   with an entry in `errors` for each that is not there
   */
  async return(context: RequestContext, installCode: string, body: CreateReturnsRequest): Promise<ReturnsResult> {
    const { signer } = this.deps;
    const contact = deviceContact(context.actor, installCode);
    const what = whatToReturn(body);
    signer.assertReady();
    const facts = await withoutDeadlock(() =>
      change(this.deps, context, (trx) => this.returnIn(trx, context, contact, what)),
    );
    return { returned: facts.returned, document: signer.sign(facts.document) };
  }

  private async returnIn(
    trx: ActivationTransaction,
    context: RequestContext,
    contact: DeviceContact,
    what: string[] | 'all',
  ): Promise<ReturnFacts> {
    const controller = await this.lockOwnController(trx, context, contact);
    const asked = what === 'all' ? controller.license_ids : what;
    const licenses = await lockLicenses(trx, asked);
    const leaving = licensesThatLeave(licenses, asked, contact.installCode);
    if (leaving.length > 0) await takeOff(trx, this.deps, causeOf(context), controller, leaving);

    const here = sql<boolean>`true`;
    const document = await readDocumentFacts(trx, contact.installCode, here, this.deps.signer.kid);
    if (document === null) throw new Error('a locked controller is gone');
    return { returned: [...asked], document };
  }

  /** A return never takes a controller over: one that holds nothing and is linked to others is not the caller's. */
  private async lockOwnController(
    trx: ActivationTransaction,
    context: RequestContext,
    contact: DeviceContact,
  ): Promise<ControllerRow> {
    const controller = await lockController(trx, contact.installCode);
    if (controller === undefined) throw problem('controller_not_found');
    const link = { customerId: controller.customer_id, deviceKey: controller.device_key };
    const verdict = judgeContact(link, contact, controller.license_ids.length);
    if (verdict === 'known') return controller;
    if (verdict === 'enrolled') return linkController(trx, this.deps, causeOf(context), { contact });
    throw problem(verdict === 'taken_over' ? 'controller_not_found' : verdict);
  }
}

const licensesThatLeave = (
  licenses: readonly LicenseRow[],
  asked: readonly string[],
  installCode: string,
): LicenseRow[] => {
  const byId = new Map(licenses.map((license) => [license.license_id, license]));
  const leaving: LicenseRow[] = [];
  const absent: number[] = [];
  for (const [index, id] of asked.entries()) {
    const row = byId.get(id);
    const candidate = row && { installedOn: row.installed_on, returnedFrom: row.returned_from };
    const verdict = judgeReturn(candidate, installCode);
    if (verdict === 'leaves' && row) leaving.push(row);
    if (verdict === 'license_not_on_controller') absent.push(index);
  }
  if (absent.length > 0) throw notOnController(absent);
  return leaving;
};
