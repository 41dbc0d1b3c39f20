import {
  DEFAULT_THRESHOLDS,
  type DigestSettings,
  type NotificationSettings,
  type PutDigestSettingsRequest,
  type PutNotificationSettingsRequest,
} from '@smartserver/contracts';
import type { ColumnType } from 'kysely';

type Silence = { email: string; reason: 'unsubscribed' | 'bounced'; since: Date };

/** Settings as they are stored; version 0: the defaults, which are not stored yet. */
export type Versioned<T> = T & { version: number };

export interface NotificationSettingsTable extends Versioned<PutNotificationSettingsRequest> {
  partner_id: string;
  customer_id: string;
}

export interface DigestSettingsTable extends Versioned<PutDigestSettingsRequest> {
  /** Null: Customer Success's. */
  partner_id: string | null;
  /** The day up to which its notices were made: `YYYY-MM-DD`, read as `told_through::text`. */
  told_through: ColumnType<never, string, string>;
}

/** Digests have recipients only once there are settings. */
export const DEFAULT_DIGEST: Versioned<PutDigestSettingsRequest> = {
  recipients: [],
  thresholds: [...DEFAULT_THRESHOLDS],
  expirations: true,
  renewals: true,
  language: 'en',
  version: 0,
};

/** Without settings of an account its contacts are notified. [domain.md rule 11] */
export const DEFAULT_SETTINGS: Versioned<PutNotificationSettingsRequest> = { contacts: true, ...DEFAULT_DIGEST };

/** Each address once, whatever its case; the earliest threshold first. */
export const tidy = <T extends PutDigestSettingsRequest>(settings: T): T => ({
  ...settings,
  recipients: [...new Map(settings.recipients.map((email) => [email.toLowerCase(), email])).values()],
  thresholds: settings.thresholds.toSorted((a, b) => b - a),
});

const toSilenced = (silences: readonly Silence[]) =>
  silences.map(({ email, reason, since }) => ({ email, reason, since: since.toISOString() }));

export const toNotificationSettings = (
  customerId: string,
  settings: Versioned<PutNotificationSettingsRequest>,
  silences: readonly Silence[],
): NotificationSettings => ({ customerId, ...settings, silenced: toSilenced(silences) });

export const toDigestSettings = (
  partnerId: string | null,
  settings: Versioned<PutDigestSettingsRequest>,
  silences: readonly Silence[],
): DigestSettings => ({ partnerId, ...settings, silenced: toSilenced(silences) });
