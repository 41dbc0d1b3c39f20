import type { EventEnvelope } from '@smartserver/contracts';
import type { Insertable, Selectable } from 'kysely';
import type { Fixed } from './columns.ts';

/** Projection of activation's controllers: enough to refuse a CMS session early. Activation decides. */
export type ControllersTable = {
  install_code: Fixed<string>;
  partner_id: string;
  customer_id: string;
  device_key: string | null;
  license_count: number;
  version: number;
};

export type ControllerRow = Selectable<ControllersTable>;

export const toControllerRow = ({ data }: EventEnvelope<'controller.changed.1'>): Insertable<ControllersTable> => ({
  install_code: data.installCode,
  partner_id: data.partnerId,
  customer_id: data.customerId,
  device_key: data.deviceKey,
  license_count: data.licenseCount,
  version: data.version,
});
