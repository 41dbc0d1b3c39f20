import { normalizeInstallCode, type SupportEligibility } from '@smartserver/contracts';
import { supportUntil } from '@smartserver/rules';
import { problem, type RequestContext, type Tenant, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { visibleAccounts } from '../tenancy.ts';
import { factsOf, licensesOnController, maintenanceOfAccount } from './maintenance.sql.ts';

/**
 * Support is asked for by exactly one of the two.
 * @throws validation_failed, customer_not_found, controller_not_found
 */
export const readSupport = async (
  deps: Deps,
  { actor }: RequestContext,
  query: { customerId: string | undefined; installCode: string | undefined },
): Promise<SupportEligibility> => {
  if ((query.customerId === undefined) === (query.installCode === undefined)) throw notOne(query.installCode);
  const { kysely } = deps.database;
  const tenant = tenantOf(actor);
  const now = deps.clock.now();
  const installCode = query.installCode === undefined ? null : normalizeInstallCode(query.installCode);
  const customerId = query.customerId?.toLowerCase() ?? null;
  if (customerId !== null) await requireAccount(deps, tenant, customerId);
  const licenses =
    installCode === null
      ? await maintenanceOfAccount(kysely, customerId ?? '', now)
      : await licensesOnController(kysely, installCode, tenant);
  const until = supportUntil(factsOf(licenses), now);
  const eligible = until !== null;
  return { customerId, installCode, eligible, until: until?.toISOString() ?? null, checkedAt: now.toISOString() };
};

const notOne = (installCode: string | undefined) => {
  const code = installCode === undefined ? 'required' : 'not_allowed';
  const detail = 'Ask by `customerId` or by `installCode`: one of the two.';
  const errors = ['query/customerId', 'query/installCode'].map((pointer) => ({ pointer, code, detail }));
  return problem('validation_failed', { errors });
};

/** The event of a customer that was made a moment ago may still be on its way. */
const requireAccount = async ({ database, projections }: Deps, tenant: Tenant, customerId: string): Promise<void> => {
  const query = database.kysely
    .selectFrom('customers')
    .select('customer_id')
    .where('customer_id', '=', customerId)
    .where(visibleAccounts(tenant));
  const known = await projections.waitFor(async () => (await query.executeTakeFirst()) ?? null, ['customer.changed.1']);
  if (known === null) throw problem('customer_not_found');
};

export const supportExample: SupportEligibility = {
  customerId: null,
  installCode: '0302E1C2A8F40011',
  eligible: true,
  until: '2027-03-02T08:30:00.000Z',
  checkedAt: '2026-06-01T09:00:00.000Z',
};
