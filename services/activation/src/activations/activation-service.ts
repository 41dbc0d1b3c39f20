import type { Activation, ActivationsResult } from '@smartserver/contracts';
import { causeOf, type eventually, problem, type RequestContext } from '@smartserver/service-kit';
import { sql } from 'kysely';
import type { ActivationDatabase } from '../db.ts';
import type { DocumentSigner } from '../documents/document-signer.ts';
import type { DocumentFacts } from '../documents/license-document.ts';
import { deviceContact } from '../tenancy.ts';
import type { ActivationCommand, ActivationRow } from './activation-command.ts';
import type { ActivationRunner } from './activation-run-service.ts';
import { controllerFull, refusal } from './refusal.ts';

type Deps = {
  database: ActivationDatabase;
  relay: { wake(): void };
  runner: ActivationRunner;
  signer: DocumentSigner;
  eventually: typeof eventually;
  /** How to reach Customer Success. */
  contact: string;
};

/** Online activation: "download from the cloud" [U]. */
export class ActivationService {
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /**
   * Puts licenses of the device's account on its controller: all of them, or none. Those that are there already stay as they
   * are (rule 3): a device that retries gets the same answer and costs nothing.
   * @throws controller_not_found, device_proof_invalid, controller_in_use, or the problem of the first license, with an entry
   *   in `errors` for each that cannot be had
   */
  async activate(
    context: RequestContext,
    installCode: string,
    licenseIds: readonly string[],
  ): Promise<ActivationsResult> {
    const { runner, signer, relay } = this.deps;
    signer.assertReady();
    const { idempotency } = context;
    const command = {
      contact: deviceContact(context.actor, installCode),
      licenseIds,
      cause: causeOf(context),
      idempotency,
    };
    let row = await runner.run(command);
    // A transfer that was made a moment ago may still be on its way here.
    if (row.verdicts?.includes('license_not_found') && (await this.haveArrived(command)))
      row = await runner.run(command);
    if (row.verdicts !== null) throw refusal(row.verdicts, this.deps);
    const facts = factsOf(row, command);
    if (row.outcome === 'done') relay.wake();
    return { activations: activationsOf(facts, licenseIds), document: signer.sign(facts) };
  }

  private async haveArrived({ contact, licenseIds }: ActivationCommand): Promise<boolean> {
    const arrived = await this.deps.eventually(async () => {
      const { count } = await this.deps.database.kysely
        .selectFrom('licenses')
        .select(sql<number>`count(*)`.as('count'))
        .where('license_id', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
        .where('customer_id', '=', contact.customerId)
        .executeTakeFirstOrThrow();
      return count === licenseIds.length ? true : null;
    });
    return arrived === true;
  }
}

const factsOf = (row: ActivationRow, { idempotency }: ActivationCommand): DocumentFacts => {
  if (row.outcome === 'replay' && row.fingerprint !== idempotency?.fingerprint) throw problem('idempotency_key_reused');
  if (row.facts !== null) return JSON.parse(row.facts);
  if (row.outcome === 'full') throw controllerFull();
  throw new Error(`the activation statement gave no facts for the outcome ${row.outcome}`);
};

const activationsOf = (facts: DocumentFacts, licenseIds: readonly string[]): Activation[] => {
  const byId = new Map(facts.licenses.map((license) => [license.licenseId, license]));
  return licenseIds.map((licenseId) => {
    const license = byId.get(licenseId);
    if (license === undefined) throw new Error('an activated license is missing in its document');
    const { activationId, activatedAt, expiresAt } = license;
    return { activationId, licenseId, installCode: facts.installCode, activatedAt, expiresAt };
  });
};
