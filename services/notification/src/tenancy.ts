import type { Tenant } from '@smartserver/service-kit';
import { type Expression, type SqlBool, sql } from 'kysely';

/**
 * THE tenant filter of this service: every query of the API goes through it. Staff sees everything, a partner its own
 * accounts, a CMS Owner the account of the session; whoever else comes sees nothing. [guarantees.md 22]
 * @param table one that names the partner and the customer that a row belongs to
 */
export const visibleTo = (tenant: Tenant, table: 'emails' | 'customers' | 'maintenance_terms'): Expression<SqlBool> => {
  switch (tenant.kind) {
    case 'everything':
      return sql<SqlBool>`true`;
    case 'partner':
      return sql<SqlBool>`${sql.ref(`${table}.partner_id`)} = ${tenant.partnerId}`;
    case 'controller':
      return sql<SqlBool>`${sql.ref(`${table}.customer_id`)} = ${tenant.customerId}`;
    default:
      return sql<SqlBool>`false`;
  }
};

/**
 * The same for what organisations have of their own, webhook endpoints and digests: staff sees all, a partner its own; those of
 * Customer Success are no partner's.
 */
export const ownedBy = (tenant: Tenant, table: 'webhook_endpoints' | 'digest_settings'): Expression<SqlBool> => {
  switch (tenant.kind) {
    case 'everything':
      return sql<SqlBool>`true`;
    case 'partner':
      return sql<SqlBool>`${sql.ref(`${table}.partner_id`)} = ${tenant.partnerId}`;
    default:
      return sql<SqlBool>`false`;
  }
};

/**
 * Whom endpoints and digests that somebody names belong to: a partner itself; by staff the partner that it names, else Customer
 * Success (null).
 * @returns undefined when a partner names another than itself: for it, that one does not exist
 */
export const ownerOfNew = (tenant: Tenant, named: string | undefined): string | null | undefined => {
  if (tenant.kind === 'everything') return named === undefined ? null : named;
  const isOwn = tenant.kind === 'partner' && (named === undefined || named.toLowerCase() === tenant.partnerId);
  return isOwn ? tenant.partnerId : undefined;
};
