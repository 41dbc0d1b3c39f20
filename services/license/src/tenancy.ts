import type { Tenant } from '@smartserver/service-kit';
import { type Expression, type SqlBool, sql } from 'kysely';

/*
 * The one place where this service decides what an actor may see: conditions that are part of every statement that reads or locks
 * something for a request. Nothing outside of them exists for the actor, so foreign and unknown give the same error.
 * [domain.md, "Who may do what"]
 */

/** What messages between services and commands of operators see. */
export const EVERYTHING: Tenant = { kind: 'everything' };

const everything = sql<SqlBool>`true`;
const nothing = sql<SqlBool>`false`;

/** On `licenses`. A controller sees its licenses through activation, none here. Changes are read through their license. */
export const visibleLicenses = (tenant: Tenant): Expression<SqlBool> => {
  switch (tenant.kind) {
    case 'everything':
      return everything;
    case 'partner':
      return sql<SqlBool>`licenses.partner_id = ${tenant.partnerId}`;
    case 'customer':
      return sql<SqlBool>`(licenses.customer_id = any(${[...tenant.customerIds]}) or licenses.license_id = any(${[...tenant.licenseIds]}))`;
    case 'controller':
      return nothing;
  }
};

/**
 * On `license_history`, joined with the `licenses` that the actor sees: a customer reads of the time the license was its own,
 * not of the customers who had it before.
 */
export const visibleHistory = (tenant: Tenant): Expression<SqlBool> =>
  tenant.kind === 'customer'
    ? sql<SqlBool>`license_history.customer_id is not distinct from licenses.customer_id`
    : everything;

/**
 * On `license_changes`, joined with the `licenses` that the actor sees: its outcome says whose the license was then. A customer reads
 * of its own time only.
 */
export const visibleChanges = (tenant: Tenant): Expression<SqlBool> =>
  tenant.kind === 'customer'
    ? sql<SqlBool>`(license_changes.outcome is null or license_changes.outcome -> 0 ->> 'customerId' = licenses.customer_id::text)`
    : everything;

/** On `transfers`: the partner's own business. Its customers would see License IDs that have moved on. */
export const visibleTransfers = (tenant: Tenant): Expression<SqlBool> => ofPartner(tenant, 'transfers.partner_id');

/** On `customers`. */
export const visibleCustomers = (tenant: Tenant): Expression<SqlBool> => ofPartner(tenant, 'customers.partner_id');

const ofPartner = (tenant: Tenant, column: string): Expression<SqlBool> => {
  if (tenant.kind === 'everything') return everything;
  return tenant.kind === 'partner' ? sql<SqlBool>`${sql.ref(column)} = ${tenant.partnerId}` : nothing;
};
