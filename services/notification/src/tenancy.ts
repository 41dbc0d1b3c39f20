import type { Tenant } from '@smartserver/service-kit';
import { type Expression, type SqlBool, sql } from 'kysely';

/*
 * THE place where this service decides what an actor may see: conditions that are part of every statement of the API. Nothing
 * outside of them exists for the actor. Customer Success sees everything; a customer of the License Customer Portal nothing.
 * [guarantees.md 22]
 */

export const visibleEmails = (tenant: Tenant): Expression<SqlBool> => ofAccount(tenant, 'emails');

export const visibleCustomers = (tenant: Tenant): Expression<SqlBool> => ofAccount(tenant, 'customers');

export const visibleTerms = (tenant: Tenant): Expression<SqlBool> => ofAccount(tenant, 'maintenance_terms');

/** Those without a partner are Customer Success's own, which no partner sees. */
export const visibleEndpoints = (tenant: Tenant): Expression<SqlBool> => ofOrganisation(tenant, 'webhook_endpoints');

/** The same for digest settings. */
export const visibleDigests = (tenant: Tenant): Expression<SqlBool> => ofOrganisation(tenant, 'digest_settings');

/** A partner sees its accounts, a CMS Owner the account of the session. */
const ofAccount = (tenant: Tenant, table: string): Expression<SqlBool> =>
  tenant.kind === 'controller'
    ? sql<SqlBool>`${sql.ref(`${table}.customer_id`)} = ${tenant.customerId}`
    : ofOrganisation(tenant, table);

const ofOrganisation = (tenant: Tenant, table: string): Expression<SqlBool> => {
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
 * Whose endpoints and digests a request is about: a partner's own; Customer Success's those of the partner it names, else its own
 * (null).
 * @returns undefined when a partner names another than itself: for it, that one does not exist
 */
export const ownerOfNew = (tenant: Tenant, named: string | undefined): string | null | undefined => {
  if (tenant.kind === 'everything') return named === undefined ? null : named;
  const isOwn = tenant.kind === 'partner' && (named === undefined || named.toLowerCase() === tenant.partnerId);
  return isOwn ? tenant.partnerId : undefined;
};
