import { type Actor, normalizeInstallCode } from '@smartserver/contracts';
import { problem } from '@smartserver/service-kit';
import { type Expression, type SqlBool, sql } from 'kysely';

/*
 * THE place where this service decides what an actor may see and on which controller a device may act. What the conditions
 * hide does not exist for the actor: no statement tells foreign from unknown. [domain.md, "Who may do what"]
 */

/** A device that speaks for itself: its session proved `deviceKey` for this install code and Customer ID. */
export type DeviceContact = {
  installCode: string;
  partnerId: string;
  customerId: string;
  deviceKey: string;
};

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

const everything = sql<SqlBool>`true`;
const nothing = sql<SqlBool>`false`;

/**
 * On `controllers`: a partner those of its customers, staff all, a CMS its own, as long as it is linked to the session's
 * account and key. After a takeover a session that is left over sees nothing.
 */
export const visibleControllers = (actor: Actor): Expression<SqlBool> => {
  switch (actor.kind) {
    case 'staff':
      return everything;
    case 'partner_user':
    case 'api_client':
      return sql<SqlBool>`controllers.partner_id = ${actor.partnerId}`;
    case 'cms':
      return sql<SqlBool>`(controllers.install_code = ${actor.installCode} and controllers.customer_id = ${actor.customerId}
        and (controllers.device_key is null or controllers.device_key = ${actor.deviceKey}))`;
    case 'customer':
      return nothing;
  }
};

/** On `customers`, for whoever registers controllers for them. A CMS names its own account only. */
export const visibleCustomers = (actor: Actor): Expression<SqlBool> => {
  switch (actor.kind) {
    case 'staff':
      return everything;
    case 'partner_user':
    case 'api_client':
      return sql<SqlBool>`customers.partner_id = ${actor.partnerId}`;
    default:
      return nothing;
  }
};

/** On `customers`, for whoever asks what an account is entitled to. A CMS asks for its own. */
export const visibleAccounts = (actor: Actor): Expression<SqlBool> =>
  actor.kind === 'cms' ? sql<SqlBool>`customers.customer_id = ${actor.customerId}` : visibleCustomers(actor);

/** On `licenses`, for whoever makes offline activation files. A customer sees those that were transferred to an account. */
export const visibleLicenses = (actor: Actor): Expression<SqlBool> => {
  switch (actor.kind) {
    case 'staff':
      return everything;
    case 'customer':
      return sql<SqlBool>`(licenses.customer_id = any(${[...actor.customerIds]}::uuid[])
        or (licenses.customer_id is not null and licenses.license_id = any(${[...actor.licenseIds]}::uuid[])))`;
    default:
      return nothing;
  }
};

/**
 * On `offline_activations`. Who signed in with a License ID sees those of the account that has the license now: it may have
 * been another one's before.
 */
export const visibleOfflineActivations = (actor: Actor): Expression<SqlBool> => {
  switch (actor.kind) {
    case 'staff':
      return everything;
    case 'partner_user':
    case 'api_client':
      return sql<SqlBool>`offline_activations.partner_id = ${actor.partnerId}`;
    case 'customer':
      return sql<SqlBool>`(offline_activations.customer_id = any(${[...actor.customerIds]}::uuid[]) or exists (
        select from licenses own where own.license_id = offline_activations.license_id
          and own.license_id = any(${[...actor.licenseIds]}::uuid[])
          and own.customer_id = offline_activations.customer_id))`;
    case 'cms':
      return nothing;
  }
};

/**
 * On `controllers`, for whoever hands in a return receipt. With a License ID: the one that the license is on, or was returned
 * from last, while its account has both.
 */
export const returnableControllers = (actor: Actor): Expression<SqlBool> => {
  switch (actor.kind) {
    case 'staff':
      return everything;
    case 'customer':
      return sql<SqlBool>`(controllers.customer_id = any(${[...actor.customerIds]}::uuid[]) or exists (
        select from licenses own where own.license_id = any(${[...actor.licenseIds]}::uuid[])
          and own.customer_id = controllers.customer_id
          and controllers.install_code in (own.installed_on, own.returned_from)))`;
    default:
      return nothing;
  }
};

/** On `offline_returns`, whose receipt comes again. */
export const visibleOfflineReturns = (actor: Actor): Expression<SqlBool> => {
  switch (actor.kind) {
    case 'staff':
      return everything;
    case 'customer':
      return sql<SqlBool>`(offline_returns.customer_id = any(${[...actor.customerIds]}::uuid[]) or exists (
        select from licenses own where own.license_id = any(${[...actor.licenseIds]}::uuid[])
          and own.license_id = any(offline_returns.license_ids) and own.customer_id = offline_returns.customer_id))`;
    default:
      return nothing;
  }
};
