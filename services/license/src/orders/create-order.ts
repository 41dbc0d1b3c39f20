import type { CreateOrderRequest, Order, OrderLine } from '@smartserver/contracts';
import { causeOf, change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import { sql, type Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import { lockLicenses } from '../model/license.sql.ts';
import { type LicenseRow, toLicense, viewOf } from '../model/license.ts';
import { recordLicenses } from '../model/record-licenses.ts';
import type { LicenseTables, OrderRow } from '../model/tables.ts';
import { faultsOf, type Renewals, renewalFaultsOf } from './order-rules.ts';

type Trx = Transaction<LicenseTables>;

/**
 * Adds what a partner bought to its inventory.
 * @throws ProblemError validation_failed, partner_not_found, renewal_mismatch
 */
export const createOrder = async (deps: Deps, context: RequestContext, request: CreateOrderRequest): Promise<Order> => {
  const faults = faultsOf(request);
  if (faults.length > 0) throw problem('validation_failed', { errors: faults });
  const partner = await deps.projections.waitFor(() => findPartner(deps, request.partnerId), ['partner.changed.1']);
  if (partner === null) throw problem('partner_not_found');
  return change(deps, context, (trx) => placeOrder(trx, deps, context, request));
};

const findPartner = async ({ database }: Deps, partnerId: string) =>
  (await database.kysely
    .selectFrom('partners')
    .select('partner_id')
    .where('partner_id', '=', partnerId)
    .executeTakeFirst()) ?? null;

const placeOrder = async (
  trx: Trx,
  deps: Deps,
  context: RequestContext,
  request: CreateOrderRequest,
): Promise<Order> => {
  await refuseMisfits(trx, context, request);
  const order = {
    partner_id: request.partnerId,
    order_id: deps.ids.ordered(),
    reference: request.reference,
    created_at: deps.clock.now(),
  };
  await trx.insertInto('orders').values(order).execute();
  const licenses = request.lines.flatMap((line) =>
    Array.from({ length: line.quantity }, () => newLicense(deps, order, line)),
  );
  const move = { event: 'purchased', detail: request.reference } as const;
  await recordLicenses(trx, deps, causeOf(context), licenses, move);
  const view = viewOf(deps);
  return {
    orderId: order.order_id,
    partnerId: order.partner_id,
    reference: order.reference,
    createdAt: order.created_at.toISOString(),
    licenses: licenses.map((license) => toLicense(license, view)),
  };
};

/**
 * Locks what is to be renewed: two orders that renew the same license come one after the other, so that the second one counts
 * what the first one sold.
 */
const refuseMisfits = async (trx: Trx, context: RequestContext, request: CreateOrderRequest): Promise<void> => {
  const renewed = request.lines.flatMap((line) => line.renews ?? []);
  if (renewed.length === 0) return;
  const known = await lockLicenses(trx, tenantOf(context.actor), renewed);
  const errors = renewalFaultsOf(request, known, await renewalsOf(trx, renewed));
  if (errors.length > 0) throw problem('renewal_mismatch', { errors });
};

/**
 * What renews each of these licenses, a revoked renewal not counted. The parts of a split renewal count as what they are, several:
 * their devices are still those of the whole.
 */
const renewalsOf = async (trx: Trx, licenseIds: readonly string[]): Promise<Map<string, Renewals>> => {
  const rows = await trx
    .selectFrom('licenses')
    .select(['renews', sql<number>`count(*)`.as('licenses'), sql<number>`sum(device_count)`.as('devices')])
    .where('renews', '=', sql<string>`any(${licenseIds})`)
    .where('standing', '<>', 'revoked')
    .groupBy('renews')
    .execute();
  return new Map(rows.flatMap(({ renews, ...sum }) => (renews === null ? [] : [[renews, sum] as const])));
};

const newLicense = ({ ids }: Deps, order: OrderRow, line: OrderLine): LicenseRow => ({
  partner_id: order.partner_id,
  row_id: ids.ordered(),
  license_id: ids.random(),
  order_id: order.order_id,
  order_reference: order.reference,
  kind: line.kind,
  device_count: line.deviceCount,
  term_years: line.termYears ?? null,
  renews: line.renews ?? null,
  split_from: null,
  customer_id: null,
  standing: 'good',
  note: '',
  created_at: order.created_at,
  version: 1,
  install_code: null,
  activated_at: null,
  starts_at: null,
  expires_at: null,
  first_activated_at: null,
  activation_version: 0,
});
