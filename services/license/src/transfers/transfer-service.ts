import type { CreateTransferRequest, Transfer, TransferPage } from '@smartserver/contracts';
import {
  type Clock,
  causeOf,
  change,
  type Database,
  decodeCursor,
  type eventually,
  type Ids,
  problem,
  type RequestContext,
  recordEvent,
  tenantOf,
  toPage,
} from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import { findCustomer, type KnownCustomer } from '../accounts/account-store.ts';
import type { LicenseTables } from '../db.ts';
import { nextVersion } from '../licenses/license.ts';
import type { LicenseLedger } from '../licenses/license-ledger-service.ts';
import { lockLicenses } from '../licenses/license-store.ts';
import { toSummary } from '../licenses/license-view.ts';
import { transferFaults } from './transfer.ts';
import { insertTransfer, listTransfers, toTransfer } from './transfer-store.ts';

type Deps = {
  database: Database<LicenseTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  eventually: typeof eventually;
  ledger: LicenseLedger;
};

/** Transfers of licenses from a partner's inventory to one of its customers. */
export class TransferService {
  constructor(private readonly deps: Deps) {}

  /** @throws ProblemError customer_not_found, license_not_found, license_not_available, license_suspended, license_revoked */
  async create(context: RequestContext, request: CreateTransferRequest): Promise<Transfer> {
    const { kysely } = this.deps.database;
    const tenant = tenantOf(context.actor);
    // Account's news of a customer made a moment ago may still be on its way.
    const customer = await this.deps.eventually(() => findCustomer(kysely, tenant, request.customerId));
    if (customer === null) throw problem('customer_not_found');
    return change(this.deps, context, (trx) => this.move(trx, context, customer, request.licenseIds));
  }

  async list(context: RequestContext, limit: number, cursor: string | undefined): Promise<TransferPage> {
    const page = { after: decodeCursor(cursor), count: limit + 1 };
    const found = await listTransfers(this.deps.database.kysely, tenantOf(context.actor), page);
    const { rows, nextCursor } = toPage(found, limit, (row) => row.transfer_id);
    return { items: rows.map(toTransfer), nextCursor };
  }

  private async move(
    trx: Transaction<LicenseTables>,
    context: RequestContext,
    customer: KnownCustomer,
    licenseIds: string[],
  ): Promise<Transfer> {
    // Staff sees every partner's licenses; only those of the customer's own partner can go to it.
    const found = await lockLicenses(trx, { kind: 'partner', partnerId: customer.partnerId }, licenseIds);
    const faults = transferFaults(licenseIds, found);
    if (faults !== null) throw problem(faults.code, { errors: faults.errors });
    const { customerId, partnerId } = customer;
    const moved = licenseIds
      .flatMap((id) => found.get(id) ?? [])
      .map((license) => nextVersion(license, { customerId }));
    const cause = causeOf(context);
    await this.deps.ledger.change(trx, cause, moved, { event: 'transferred' });
    const transfer = {
      partner_id: partnerId,
      transfer_id: this.deps.ids.ordered(),
      customer_id: customerId,
      license_ids: licenseIds,
      created_at: this.deps.clock.now(),
    };
    await insertTransfer(trx, transfer);
    await recordEvent(trx, this.deps, cause, {
      type: 'licenses.transferred.1',
      data: {
        transferId: transfer.transfer_id,
        partnerId: partnerId,
        customerId: customerId,
        customerVersion: customer.version,
        licenses: moved.map(toSummary),
      },
    });
    return toTransfer(transfer);
  }
}
