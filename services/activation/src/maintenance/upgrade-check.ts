import { type CreateUpgradeCheckRequest, normalizeInstallCode, type UpgradeCheck } from '@smartserver/contracts';
import { parseVersion, type SmartServerVersion, upgradeDecision } from '@smartserver/rules';
import { change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { classOfRelease } from '../model/release.ts';
import type { Executor } from '../model/tables.ts';
import { factsOf, licensesOnController } from './maintenance.sql.ts';

/**
 * Has no effect; what an Idempotency-Key was answered is kept like any answer.
 * @throws validation_failed, controller_not_found
 */
export const checkUpgrade = async (deps: Deps, context: RequestContext, request: CreateUpgradeCheckRequest) => {
  const versions = versionsOf(request);
  const check = (executor: Executor) => decide(executor, deps, context, request, versions);
  return context.idempotency === null ? check(deps.database.kysely) : change(deps, context, check);
};

type Versions = { from: SmartServerVersion; to: SmartServerVersion };

const decide = async (
  executor: Executor,
  { clock }: Deps,
  { actor }: RequestContext,
  request: CreateUpgradeCheckRequest,
  { from, to }: Versions,
): Promise<UpgradeCheck> => {
  const installCode = normalizeInstallCode(request.installCode);
  const licenses = factsOf(await licensesOnController(executor, installCode, tenantOf(actor)));
  const at = clock.now();
  const toClass = await classOfRelease(executor, to);
  const { allowed, reason, expiredAt, missingDevices } = upgradeDecision({ from, to, toClass, licenses, at });
  return {
    installCode,
    fromVersion: request.fromVersion.trim(),
    toVersion: request.toVersion.trim(),
    checkedAt: at.toISOString(),
    allowed,
    reason,
    expiredAt: expiredAt?.toISOString() ?? null,
    missingDevices,
  };
};

/** @throws validation_failed */
const versionsOf = ({ fromVersion, toVersion }: CreateUpgradeCheckRequest): Versions => {
  const [from, to] = [parseVersion(fromVersion), parseVersion(toVersion)];
  if (from !== null && to !== null) return { from, to };
  const detail = 'Write the version as the vendor does: 3.3, 3.3 Update 1 or, with a build, 4.40.012.';
  const unreadable = [...(from === null ? ['/fromVersion'] : []), ...(to === null ? ['/toVersion'] : [])];
  const errors = unreadable.map((pointer) => ({ pointer, code: 'wrong_format' as const, detail }));
  throw problem('validation_failed', { errors });
};

export const upgradeCheckExample: UpgradeCheck = {
  installCode: '0302E1C2A8F40011',
  fromVersion: '4.40.012',
  toVersion: '4.5',
  checkedAt: '2026-06-01T09:00:00.000Z',
  allowed: false,
  reason: 'maintenance_insufficient',
  expiredAt: null,
  missingDevices: 200,
};
