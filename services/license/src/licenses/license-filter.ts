import type { LicenseKind, LicensePlace, LicenseStatus } from '@smartserver/contracts';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { View } from './license-view.ts';

/** What a list of licenses is narrowed to. `view` is the instant and the span that decide about `status`. */
export type LicenseFilter = {
  place?: LicensePlace;
  customerId?: string;
  installCode?: string;
  kind?: LicenseKind;
  status?: LicenseStatus;
  text?: string;
  view: View;
};

type Condition = Expression<SqlBool>;

const millisecondsPerDay = 86_400_000;

/** The filter as conditions on `licenses`; place and status say in SQL what `placeOf` and `statusOf` say in license.ts. */
export const matching = (filter: LicenseFilter): Condition[] => {
  const conditions: Condition[] = [];
  if (filter.place !== undefined) conditions.push(PLACES[filter.place]);
  if (filter.customerId !== undefined) conditions.push(sql`licenses.customer_id = ${filter.customerId}`);
  if (filter.installCode !== undefined) conditions.push(sql`licenses.install_code = ${filter.installCode}`);
  if (filter.kind !== undefined) conditions.push(sql`licenses.kind = ${filter.kind}`);
  if (filter.status !== undefined) conditions.push(ofStatus(filter.status, filter.view));
  if (filter.text !== undefined) conditions.push(ofText(filter.text));
  return conditions;
};

const PLACES: Record<LicensePlace, Condition> = {
  inventory: sql`(licenses.install_code is null and licenses.customer_id is null)`,
  customer: sql`(licenses.install_code is null and licenses.customer_id is not null)`,
  controller: sql`licenses.install_code is not null`,
};

const good = sql`licenses.standing = 'good'`;

const ofStatus = (status: LicenseStatus, view: View): Condition => {
  const { now } = view;
  const soon = new Date(now.getTime() + view.expiringWithinDays * millisecondsPerDay);
  const onController = sql`${good} and ${PLACES.controller}`;
  switch (status) {
    case 'suspended':
    case 'revoked':
      return sql`licenses.standing = ${status}`;
    case 'in_inventory':
      return sql`(${good} and ${PLACES.inventory})`;
    case 'assigned':
      return sql`(${good} and ${PLACES.customer})`;
    case 'active':
      return sql`(${onController} and (licenses.expires_at is null or licenses.expires_at > ${soon}))`;
    case 'expiring':
      return sql`(${onController} and licenses.expires_at > ${now} and licenses.expires_at <= ${soon})`;
    case 'expired':
      return sql`(${onController} and licenses.expires_at <= ${now})`;
  }
};

/** Beginning of a License ID, or a part of order reference or note, in either case of letters. */
const ofText = (text: string): Condition => {
  const literal = text.replace(/[\\%_]/g, '\\$&');
  return sql`(licenses.license_id::text like ${`${literal.toLowerCase()}%`}
    or licenses.order_reference ilike ${`%${literal}%`} or licenses.note ilike ${`%${literal}%`})`;
};
