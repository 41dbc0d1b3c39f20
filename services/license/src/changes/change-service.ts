import type { LicenseChange } from '@smartserver/contracts';
import {
  type Clock,
  causeOf,
  change,
  type Database,
  type eventually,
  type Ids,
  problem,
  type RequestContext,
  recordEvent,
  tenantOf,
} from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { LicenseTables } from '../db.ts';
import { lockLicense, visibleAmong } from '../licenses/license-store.ts';
import type { ChangeLedger } from './change-ledger-service.ts';
import { findChange, hasPendingChange, insertChange, type StoredChange } from './change-store.ts';
import { beginning, type Wish } from './license-change.ts';

type Deps = {
  database: Database<LicenseTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  eventually: typeof eventually;
  changeLedger: ChangeLedger;
};

/** How long a request waits for activation's answer before it says where to look. [architecture.md decision 5] */
const WAIT_MS = 2_000;
const LOOK_EVERY_MS = 20;

/** Take-back and split: what needs a license that activation might have given to a controller. */
export class ChangeService {
  constructor(private readonly deps: Deps) {}

  /**
   * Begins the change and waits a moment for its end.
   * @returns the completed change, or the pending one
   * @throws ProblemError license_not_found, license_in_use, license_not_available, license_suspended, license_revoked,
   *   split_mismatch
   */
  async request(context: RequestContext, licenseId: string, wish: Wish): Promise<LicenseChange> {
    const tenant = tenantOf(context.actor);
    const { changeId } = await change(this.deps, context, (trx) => this.begin(trx, context, licenseId, wish));
    const { kysely } = this.deps.database;
    // Not inside the transaction: no connection is held while activation decides.
    await this.deps.eventually(
      async () => ((await findChange(kysely, tenant, changeId))?.status === 'pending' ? null : true),
      { timeoutMs: WAIT_MS, intervalMs: LOOK_EVERY_MS },
    );
    const reached = await findChange(kysely, tenant, changeId);
    if (reached === null) throw problem('license_not_found');
    if (reached.refusal !== null) throw problem(reached.refusal);
    return this.show(context, reached);
  }

  /** @throws ProblemError license_change_not_found */
  async get(context: RequestContext, changeId: string): Promise<LicenseChange> {
    const found = await findChange(this.deps.database.kysely, tenantOf(context.actor), changeId);
    if (found === null) throw problem('license_change_not_found');
    return this.show(context, found);
  }

  /** The result that an Idempotency-Key keeps is the change's id alone: a repeat tells what has become of the change. */
  private async begin(
    trx: Transaction<LicenseTables>,
    context: RequestContext,
    licenseId: string,
    wish: Wish,
  ): Promise<{ changeId: string }> {
    const { clock, ids } = this.deps;
    const license = await lockLicense(trx, tenantOf(context.actor), licenseId);
    if (license === null) throw problem('license_not_found');
    const begun = beginning(license, wish, await hasPendingChange(trx, licenseId));
    if (begun !== 'now' && begun !== 'ask') throw problem(begun, begun === 'split_mismatch' ? PARTS_FAULT : {});
    const cause = causeOf(context);
    const changeId = ids.ordered();
    const outcome = begun === 'now' ? await this.deps.changeLedger.carryOut(trx, cause, license, wish) : null;
    await insertChange(trx, {
      changeId,
      partnerId: license.partnerId,
      licenseId,
      wish,
      status: outcome === null ? 'pending' : 'completed',
      refusal: null,
      outcome,
      licenseVersion: license.version,
      createdAt: clock.now(),
      cause,
    });
    if (outcome === null) {
      await recordEvent(trx, this.deps, cause, {
        type: 'hold.requested.1',
        data: { holdId: changeId, licenseId: licenseId, licenseVersion: license.version },
      });
    }
    return { changeId };
  }

  /** Parts that the actor does not see, as who signed in with the ID of one license, are left out. */
  private async show(context: RequestContext, found: StoredChange): Promise<LicenseChange> {
    const licenses = found.outcome ?? [];
    const ids = licenses.map((license) => license.licenseId);
    const visible = await visibleAmong(this.deps.database.kysely, tenantOf(context.actor), ids);
    return {
      changeId: found.changeId,
      licenseId: found.licenseId,
      kind: found.wish.kind,
      status: found.status,
      refusal: found.refusal,
      licenses: licenses.filter((license) => visible.has(license.licenseId)),
    };
  }
}

const PARTS_FAULT = {
  errors: [
    { pointer: '/deviceCounts', code: 'split_mismatch', detail: 'The parts do not add up to the device count.' },
  ],
};
