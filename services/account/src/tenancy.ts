import { problem, type Tenant } from '@smartserver/service-kit';
import { type Expression, type SqlBool, sql } from 'kysely';

/*
 * THE place where this service decides what a caller may see: conditions that every query on behalf of a caller carries. A partner
 * sees its own rows, staff all, every other kind of caller none. What a condition hides does not exist for the caller: no query
 * distinguishes foreign from unknown. [guarantees.md 22]
 */

export const visiblePartners = (tenant: Tenant) => ownedBy(tenant, 'partners.partner_id');
export const visibleCustomers = (tenant: Tenant) => ownedBy(tenant, 'customers.partner_id');
export const visibleApiClients = (tenant: Tenant) => ownedBy(tenant, 'api_clients.partner_id');

/** @param column names the owning partner */
const ownedBy = (tenant: Tenant, column: string): Expression<SqlBool> => {
  switch (tenant.kind) {
    case 'everything':
      return sql<SqlBool>`true`;
    case 'partner':
      return sql<SqlBool>`${sql.ref(column)} = ${tenant.partnerId}`;
    default:
      return sql<SqlBool>`false`;
  }
};

/**
 * The partner that something new will belong to: a partner's own; staff names one.
 * @throws validation_failed when staff names none, partner_not_found when a partner names another than itself
 */
export const partnerOfNew = (tenant: Tenant, named: string | undefined): string => {
  if (tenant.kind === 'everything') {
    if (named !== undefined) return named;
    throw problem('validation_failed', {
      errors: [{ pointer: '/partnerId', code: 'required', detail: 'Customer Success names the partner it acts for.' }],
    });
  }
  if (tenant.kind === 'partner' && (named === undefined || named.toLowerCase() === tenant.partnerId)) {
    return tenant.partnerId;
  }
  throw problem('partner_not_found');
};
