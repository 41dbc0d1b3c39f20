import {
  type Actor,
  type Coverage,
  type CreateUpgradeCheckRequest,
  normalizeInstallCode,
  type SupportEligibility,
  type UpgradeCheck,
} from '@smartserver/contracts';
import { type SmartServerVersion, supportUntil, upgradeDecision } from '@smartserver/rules';
import { type Clock, change, type eventually, problem, type RequestContext } from '@smartserver/service-kit';
import type { ActivationDatabase, Executor } from '../db.ts';
import { classOfRelease } from '../releases/release-store.ts';
import { visibleAccounts, visibleControllers } from '../tenancy.ts';
import { factsOf, type LicenseTerm, subjectOf, toCoverage, versionsOf } from './maintenance.ts';
import { hasAccount, licensesOnController, maintenanceOfAccount } from './maintenance-store.ts';

type Deps = {
  database: ActivationDatabase;
  relay: { wake(): void };
  clock: Clock;
  eventually: typeof eventually;
};

/** What maintenance entitles to: facts are read here, the rules decide. */
export class MaintenanceService {
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /** @throws controller_not_found */
  async coverage({ actor }: RequestContext, installCode: string): Promise<Coverage> {
    const code = normalizeInstallCode(installCode);
    return toCoverage(code, await this.licensesOn(this.deps.database.kysely, actor, code), this.deps.clock.now());
  }

  /**
   * Has no effect; what an Idempotency-Key was answered is kept like any answer.
   * @throws validation_failed, controller_not_found
   */
  async checkUpgrade(context: RequestContext, request: CreateUpgradeCheckRequest): Promise<UpgradeCheck> {
    const versions = versionsOf(request);
    if (Array.isArray(versions)) throw problem('validation_failed', { errors: versions });
    const check = (executor: Executor) => this.decide(executor, context.actor, request, versions);
    return context.idempotency === null ? check(this.deps.database.kysely) : change(this.deps, context, check);
  }

  /** @throws validation_failed, customer_not_found, controller_not_found */
  async support(
    { actor }: RequestContext,
    query: { customerId?: string | undefined; installCode?: string | undefined },
  ): Promise<SupportEligibility> {
    const subject = subjectOf(query);
    if (Array.isArray(subject)) throw problem('validation_failed', { errors: subject });
    const { kysely } = this.deps.database;
    const now = this.deps.clock.now();
    const installCode = 'installCode' in subject ? normalizeInstallCode(subject.installCode) : null;
    const customerId = 'customerId' in subject ? subject.customerId.toLowerCase() : null;
    if (customerId !== null) await this.requireAccount(actor, customerId);
    const licenses =
      installCode === null
        ? await maintenanceOfAccount(kysely, customerId ?? '', now)
        : await this.licensesOn(kysely, actor, installCode);
    const until = supportUntil(factsOf(licenses), now);
    return {
      customerId,
      installCode,
      eligible: until !== null,
      until: until?.toISOString() ?? null,
      checkedAt: now.toISOString(),
    };
  }

  private async decide(
    executor: Executor,
    actor: Actor,
    request: CreateUpgradeCheckRequest,
    { from, to }: { from: SmartServerVersion; to: SmartServerVersion },
  ): Promise<UpgradeCheck> {
    const installCode = normalizeInstallCode(request.installCode);
    const licenses = await this.licensesOn(executor, actor, installCode);
    const now = this.deps.clock.now();
    const toClass = await classOfRelease(executor, to);
    const { allowed, reason, expiredAt, missingDevices } = upgradeDecision({
      from,
      to,
      toClass,
      licenses: factsOf(licenses),
      at: now,
    });
    return {
      installCode,
      fromVersion: request.fromVersion.trim(),
      toVersion: request.toVersion.trim(),
      checkedAt: now.toISOString(),
      allowed,
      reason,
      expiredAt: expiredAt?.toISOString() ?? null,
      missingDevices,
    };
  }

  private async licensesOn(executor: Executor, actor: Actor, installCode: string): Promise<LicenseTerm[]> {
    const licenses = await licensesOnController(executor, installCode, visibleControllers(actor));
    if (licenses === null) throw problem('controller_not_found');
    return licenses;
  }

  /** The news of a customer made a moment ago may still be on its way. */
  private async requireAccount(actor: Actor, customerId: string): Promise<void> {
    const visible = visibleAccounts(actor);
    const known = await this.deps.eventually(async () =>
      (await hasAccount(this.deps.database.kysely, customerId, visible)) ? true : null,
    );
    if (known !== true) throw problem('customer_not_found');
  }
}
