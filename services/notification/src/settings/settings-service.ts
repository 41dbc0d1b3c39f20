import type { NotificationSettings, PutNotificationSettingsRequest } from '@smartserver/contracts';
import {
  type Clock,
  change,
  type Database,
  type eventually,
  problem,
  type RequestContext,
  type Tenant,
  tenantOf,
} from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import { findVisibleCustomer, lockVisibleCustomer } from '../customers/customer-store.ts';
import type { Tables } from '../model/tables.ts';
import { dayOf } from '../notices/day.ts';
import { replan } from '../notices/plan-service.ts';
import { licensesOnControllers } from '../notices/term-reader.ts';
import { voidUnwanted } from '../notices/void-service.ts';
import { DEFAULT_SETTINGS, tidy, toNotificationSettings } from './settings.ts';
import { findSettings, liftBounces, listSilences, saveSettings } from './settings-store.ts';

export type SettingsDeps = {
  database: Database<Tables>;
  relay: { wake(): void };
  clock: Clock;
  eventually: typeof eventually;
};

/** Who is told of an account's maintenance, when and how. */
export class SettingsService {
  constructor(private readonly deps: SettingsDeps) {}

  /** @throws customer_not_found */
  async get(customerId: string, context: RequestContext): Promise<NotificationSettings> {
    const { kysely } = this.deps.database;
    const customer = await this.#customer(tenantOf(context.actor), customerId);
    const settings = (await findSettings(kysely, customer.customerId)) ?? DEFAULT_SETTINGS;
    return toNotificationSettings(customer.customerId, settings, await listSilences(kysely, customer));
  }

  /**
   * What is due is told by the new settings from now on; what is no longer wanted, and not sent yet, is not sent.
   * @param requireVersion throws unless the edit was made on this version
   * @throws customer_not_found
   */
  async put(
    customerId: string,
    request: PutNotificationSettingsRequest,
    requireVersion: (version: number) => void,
    context: RequestContext,
  ): Promise<NotificationSettings> {
    const tenant = tenantOf(context.actor);
    await this.#customer(tenant, customerId);
    return change(this.deps, context, async (trx) => {
      const customer = await lockVisibleCustomer(trx, tenant, customerId);
      if (customer === null) throw problem('customer_not_found');
      const { version } = (await findSettings(trx, customer.customerId)) ?? DEFAULT_SETTINGS;
      requireVersion(version);
      const settings = { ...tidy(request), version: version + 1 };
      await saveSettings(trx, customer, settings);
      const told = [...settings.recipients, ...customer.contacts.map(({ email }) => email)];
      await liftBounces(trx, customer.partnerId, told);
      await this.#apply(trx, customer.customerId);
      return toNotificationSettings(customer.customerId, settings, await listSilences(trx, customer));
    });
  }

  async #apply(trx: Transaction<Tables>, customerId: string): Promise<void> {
    await replan(trx, await licensesOnControllers(trx, customerId), dayOf(this.deps.clock.now()));
    await voidUnwanted(trx, customerId);
  }

  /** Account's news of a customer made a moment ago may still be on its way. */
  async #customer(tenant: Tenant, customerId: string) {
    const { database, eventually } = this.deps;
    const customer = await eventually(() => findVisibleCustomer(database.kysely, tenant, customerId));
    if (customer === null) throw problem('customer_not_found');
    return customer;
  }
}
