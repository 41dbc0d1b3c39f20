import type { EventEnvelope } from '@smartserver/contracts';
import { forEachEvent } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';

/** Keeps what activation tells of its controllers. An event that came late, after a newer one, changes nothing. */
export const onControllerChanged = forEachEvent(
  async (trx: Transaction<AccountTables>, { data }: EventEnvelope<'controller.changed.1'>): Promise<void> => {
    const state = {
      partner_id: data.partnerId,
      customer_id: data.customerId,
      device_key: data.deviceKey,
      license_count: data.licenseCount,
      version: data.version,
    };
    await trx
      .insertInto('controllers')
      .values({ install_code: data.installCode, ...state })
      .onConflict((conflict) =>
        conflict.column('install_code').doUpdateSet(state).where('controllers.version', '<', data.version),
      )
      .execute();
  },
);
