import type { PutDigestSettingsRequest, PutNotificationSettingsRequest } from '@smartserver/contracts';
import type { Kysely } from 'kysely';
import { DEFAULT_DIGEST, DEFAULT_SETTINGS, type Versioned } from './settings.ts';
import type { Tables } from './tables.ts';

const COLUMNS = ['recipients', 'thresholds', 'expirations', 'renewals', 'language', 'version'] as const;

export const readSettings = async (
  db: Kysely<Tables>,
  customerId: string,
): Promise<Versioned<PutNotificationSettingsRequest>> =>
  (await db
    .selectFrom('notification_settings')
    .select(['contacts', ...COLUMNS])
    .where('customer_id', '=', customerId)
    .executeTakeFirst()) ?? DEFAULT_SETTINGS;

export const readDigestSettings = async (
  db: Kysely<Tables>,
  partnerId: string | null,
): Promise<Versioned<PutDigestSettingsRequest>> =>
  (await db
    .selectFrom('digest_settings')
    .select(COLUMNS)
    .where('partner_id', 'is not distinct from', partnerId)
    .executeTakeFirst()) ?? DEFAULT_DIGEST;
