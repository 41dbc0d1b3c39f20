import type { CreateOrderRequest, Order } from '@smartserver/contracts';
import {
  type Cause,
  type Clock,
  causeOf,
  change,
  type Database,
  type eventually,
  type Ids,
  problem,
  type RequestContext,
  tenantOf,
} from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import { findPartner } from '../accounts/account-store.ts';
import type { LicenseTables } from '../db.ts';
import type { LicenseState } from '../licenses/license.ts';
import type { LicenseLedger } from '../licenses/license-ledger-service.ts';
import { lockLicenses, renewalsOf } from '../licenses/license-store.ts';
import { toLicense } from '../licenses/license-view.ts';
import { faultsOf, renewalFaultsOf } from './order.ts';

type Deps = {
  database: Database<LicenseTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  eventually: typeof eventually;
  expiringWithinDays: number;
  ledger: LicenseLedger;
};

/** Purchases: Customer Success adds what a partner bought to its inventory. */
export class OrderService {
  constructor(private readonly deps: Deps) {}

  /** @throws ProblemError validation_failed, partner_not_found, renewal_mismatch */
  async create(context: RequestContext, request: CreateOrderRequest): Promise<Order> {
    const faults = faultsOf(request);
    if (faults.length > 0) throw problem('validation_failed', { errors: faults });
    const { database } = this.deps;
    // Account's news of a partner made a moment ago may still be on its way.
    const partner = await this.deps.eventually(() => findPartner(database.kysely, request.partnerId));
    if (partner === null) throw problem('partner_not_found');
    return change(this.deps, context, (trx) => this.place(trx, context, request));
  }

  private async place(
    trx: Transaction<LicenseTables>,
    context: RequestContext,
    request: CreateOrderRequest,
  ): Promise<Order> {
    await this.refuseMisfits(trx, context, request);
    const now = this.deps.clock.now();
    const order = {
      partner_id: request.partnerId,
      order_id: this.deps.ids.ordered(),
      reference: request.reference,
      created_at: now,
    };
    await trx.insertInto('orders').values(order).execute();
    const licenses = this.licensesOf(request, order.order_id, now);
    const cause: Cause = causeOf(context);
    await this.deps.ledger.add(trx, cause, licenses, { event: 'purchased', detail: request.reference });
    const view = { now, expiringWithinDays: this.deps.expiringWithinDays };
    return {
      orderId: order.order_id,
      partnerId: request.partnerId,
      reference: request.reference,
      createdAt: now.toISOString(),
      licenses: licenses.map((license) => toLicense(license, view)),
    };
  }

  /**
   * Locks what is to be renewed: two orders that renew the same license come one after the other, so that the second one counts
   * what the first one sold.
   */
  private async refuseMisfits(
    trx: Transaction<LicenseTables>,
    context: RequestContext,
    request: CreateOrderRequest,
  ): Promise<void> {
    const wanted = request.lines.flatMap((line) => (line.renews === undefined ? [] : [line.renews]));
    if (wanted.length === 0) return;
    const known = await lockLicenses(trx, tenantOf(context.actor), wanted);
    const errors = renewalFaultsOf(request, known, await renewalsOf(trx, wanted));
    if (errors.length > 0) throw problem('renewal_mismatch', { errors });
  }

  private licensesOf(request: CreateOrderRequest, orderId: string, now: Date): LicenseState[] {
    const { ids } = this.deps;
    return request.lines.flatMap((line) =>
      Array.from({ length: line.quantity }, () => ({
        rowId: ids.ordered(),
        licenseId: ids.random(),
        partnerId: request.partnerId,
        orderId,
        orderReference: request.reference,
        kind: line.kind,
        deviceCount: line.deviceCount,
        termYears: line.termYears ?? null,
        renews: line.renews ?? null,
        splitFrom: null,
        customerId: null,
        standing: 'good' as const,
        note: '',
        createdAt: now,
        version: 1,
        controller: null,
        startsAt: null,
        expiresAt: null,
        firstActivatedAt: null,
        activationVersion: 0,
      })),
    );
  }
}
