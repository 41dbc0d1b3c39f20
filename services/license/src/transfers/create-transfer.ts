import type { CreateTransferRequest, ProblemCode, ProblemItem, Transfer } from '@smartserver/contracts';
import { causeOf, change, problem, type RequestContext, recordEvent, tenantOf } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import type { CustomerRow } from '../model/account.ts';
import { lockLicenses } from '../model/license.sql.ts';
import { type LicenseRow, nextVersion, placeOf, standingRefusal, toSummary } from '../model/license.ts';
import { recordLicenses } from '../model/record-licenses.ts';
import type { LicenseTables } from '../model/tables.ts';
import { toTransfer } from '../model/transfer.ts';
import { visibleCustomers } from '../tenancy.ts';

/**
 * Moves licenses from a partner's inventory to one of its customers.
 * @throws ProblemError customer_not_found, license_not_found, license_not_available, license_suspended, license_revoked
 */
export const createTransfer = async (
  deps: Deps,
  context: RequestContext,
  request: CreateTransferRequest,
): Promise<Transfer> => {
  const findCustomer = async () =>
    (await deps.database.kysely
      .selectFrom('customers')
      .selectAll()
      .where('customer_id', '=', request.customerId)
      .where(visibleCustomers(tenantOf(context.actor)))
      .executeTakeFirst()) ?? null;
  const customer = await deps.projections.waitFor(findCustomer, ['customer.changed.1']);
  if (customer === null) throw problem('customer_not_found');
  return change(deps, context, (trx) => transfer(trx, deps, context, customer, request.licenseIds));
};

const transfer = async (
  trx: Transaction<LicenseTables>,
  deps: Deps,
  context: RequestContext,
  customer: CustomerRow,
  licenseIds: string[],
): Promise<Transfer> => {
  const { partner_id, customer_id } = customer;
  // Staff sees every partner's licenses; only those of the customer's own partner can go to it.
  const found = await lockLicenses(trx, { kind: 'partner', partnerId: partner_id }, licenseIds);
  const faults = transferFaults(licenseIds, found);
  if (faults !== null) throw problem(faults.code, { errors: faults.errors });
  const moved = licenseIds.flatMap((id) => found.get(id) ?? []).map((license) => nextVersion(license, { customer_id }));
  const cause = causeOf(context);
  await recordLicenses(trx, deps, cause, moved, { event: 'transferred' });
  const row = {
    partner_id,
    transfer_id: deps.ids.ordered(),
    customer_id,
    license_ids: licenseIds,
    created_at: deps.clock.now(),
  };
  await trx.insertInto('transfers').values(row).execute();
  await recordEvent(trx, deps, cause, {
    type: 'licenses.transferred.1',
    data: {
      transferId: row.transfer_id,
      partnerId: partner_id,
      customerId: customer_id,
      customerVersion: customer.version,
      licenses: moved.map(toSummary),
    },
  });
  return toTransfer(row);
};

/** Faults of a transfer, the one that decides about the response first. */
const CODES = ['license_not_found', 'license_revoked', 'license_suspended', 'license_not_available'] as const;
type Code = (typeof CODES)[number];

const DETAILS: Record<Code, string> = {
  license_not_found: 'There is no such license.',
  license_revoked: 'The license is revoked.',
  license_suspended: 'The license is suspended.',
  license_not_available: 'The license is not in the inventory.',
};

/**
 * Why these licenses cannot all be transferred, with an error for each that cannot; null if they can. Only what lies in the
 * partner's inventory and is in good standing moves. [domain.md rules 4, 5]
 * @param found what there is of them, by License ID: a foreign license is not among them
 */
const transferFaults = (
  licenseIds: readonly string[],
  found: ReadonlyMap<string, LicenseRow>,
): { code: ProblemCode; errors: ProblemItem[] } | null => {
  const faults = licenseIds.flatMap((licenseId, index) => {
    const code = faultOf(found.get(licenseId));
    return code === null ? [] : [{ pointer: `/licenseIds/${index}`, code, detail: DETAILS[code] }];
  });
  const decisive = CODES.find((code) => faults.some((fault) => fault.code === code));
  return decisive === undefined ? null : { code: decisive, errors: faults };
};

const faultOf = (license: LicenseRow | undefined): Code | null => {
  if (license === undefined) return 'license_not_found';
  return standingRefusal(license) ?? (placeOf(license) === 'inventory' ? null : 'license_not_available');
};
