import { type Actor, normalizeInstallCode } from '@smartserver/contracts';
import { problem, type Tenant } from '@smartserver/service-kit';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { Contact } from './link-controller/contact.ts';

/*
 * THE place where this service decides what a tenant may see and on which controller a device may act. What the conditions
 * hide does not exist for the actor: no statement distinguishes foreign from unknown. [domain.md, "Who may do what"]
 */

/** A device that speaks for itself: its session proved the key for this install code and Customer ID. */
export type DeviceContact = Contact & { deviceKey: string };

/**
 * The device of a CMS session, which acts on its own controller alone.
 * @throws controller_not_found for any other install code or kind of actor
 */
export const deviceContact = (actor: Actor, installCode: string): DeviceContact => {
  if (actor.kind !== 'cms' || actor.installCode !== normalizeInstallCode(installCode))
    throw problem('controller_not_found');
  const { partnerId, customerId, deviceKey } = actor;
  return { installCode: actor.installCode, partnerId, customerId, deviceKey };
};

export const everything = sql<SqlBool>`true`;
const nothing = sql<SqlBool>`false`;

/** One condition for each kind of tenant; kinds that are not named see nothing. */
const visible = (
  tenant: Tenant,
  conditions: {
    [K in Exclude<Tenant['kind'], 'everything'>]?: (tenant: Extract<Tenant, { kind: K }>) => Expression<SqlBool>;
  },
): Expression<SqlBool> => {
  if (tenant.kind === 'everything') return everything;
  const condition = conditions[tenant.kind] as ((tenant: Tenant) => Expression<SqlBool>) | undefined;
  return condition?.(tenant) ?? nothing;
};

/**
 * On `controllers`: a partner those of its customers, staff all, a CMS its own, as long as it is linked to the session's
 * account and key. After a takeover a session that is left over sees nothing.
 */
export const visibleControllers = (tenant: Tenant): Expression<SqlBool> =>
  visible(tenant, {
    partner: ({ partnerId }) => sql`controllers.partner_id = ${partnerId}`,
    controller: ({ installCode, customerId, deviceKey }) =>
      sql`(controllers.install_code = ${installCode} and controllers.customer_id = ${customerId}
        and (controllers.device_key is null or controllers.device_key = ${deviceKey}))`,
  });

/** On `customers`, to register controllers for them. A CMS names its own account only. */
export const visibleCustomers = (tenant: Tenant): Expression<SqlBool> =>
  visible(tenant, { partner: ({ partnerId }) => sql`customers.partner_id = ${partnerId}` });

/** On `customers`, to ask what an account is entitled to. A CMS asks for its own. */
export const visibleAccounts = (tenant: Tenant): Expression<SqlBool> =>
  tenant.kind === 'controller' ? sql`customers.customer_id = ${tenant.customerId}` : visibleCustomers(tenant);

/** On `licenses`, to make offline activation files. A customer sees those that were transferred to an account. */
export const visibleLicenses = (tenant: Tenant): Expression<SqlBool> =>
  visible(tenant, {
    customer: ({ customerIds, licenseIds }) => sql`(licenses.customer_id = any(${[...customerIds]}::uuid[])
        or (licenses.customer_id is not null and licenses.license_id = any(${[...licenseIds]}::uuid[])))`,
  });

/**
 * On `offline_activations`. Who signed in with a License ID sees those of the account that has the license now: it may have
 * been another one's before.
 */
export const visibleOfflineActivations = (tenant: Tenant): Expression<SqlBool> =>
  visible(tenant, {
    partner: ({ partnerId }) => sql`offline_activations.partner_id = ${partnerId}`,
    customer: ({
      customerIds,
      licenseIds,
    }) => sql`(offline_activations.customer_id = any(${[...customerIds]}::uuid[]) or exists (
        select from licenses own where own.license_id = offline_activations.license_id
          and own.license_id = any(${[...licenseIds]}::uuid[])
          and own.customer_id = offline_activations.customer_id))`,
  });

/**
 * On `controllers`, to hand in a return receipt. With a License ID: the one that the license is on, or was returned from last,
 * while its account has both.
 */
export const returnableControllers = (tenant: Tenant): Expression<SqlBool> =>
  visible(tenant, {
    customer: ({
      customerIds,
      licenseIds,
    }) => sql`(controllers.customer_id = any(${[...customerIds]}::uuid[]) or exists (
        select from licenses own where own.license_id = any(${[...licenseIds]}::uuid[])
          and own.customer_id = controllers.customer_id
          and controllers.install_code in (own.installed_on, own.returned_from)))`,
  });

/** On `offline_returns`, for a receipt that is handed in again. */
export const visibleOfflineReturns = (tenant: Tenant): Expression<SqlBool> =>
  visible(tenant, {
    customer: ({
      customerIds,
      licenseIds,
    }) => sql`(offline_returns.customer_id = any(${[...customerIds]}::uuid[]) or exists (
        select from licenses own where own.license_id = any(${[...licenseIds]}::uuid[])
          and own.license_id = any(offline_returns.license_ids) and own.customer_id = offline_returns.customer_id))`,
  });
