import {
  DEFAULT_THRESHOLDS,
  type DigestSettings,
  type NotificationSettings,
  type PutDigestSettingsRequest,
  type PutNotificationSettingsRequest,
} from '@smartserver/contracts';

/** Settings as they are kept; version 0: the defaults, which nobody has changed yet. */
export type Versioned<T> = T & { version: number };

export type Silence = { email: string; reason: 'unsubscribed' | 'bounced'; since: Date };

/** Whoever sets nothing has its contacts told. [domain.md rule 11] */
export const DEFAULT_SETTINGS: Versioned<PutNotificationSettingsRequest> = {
  contacts: true,
  recipients: [],
  thresholds: [...DEFAULT_THRESHOLDS],
  expirations: true,
  renewals: true,
  language: 'en',
  version: 0,
};

/** Nobody gets a digest who has not asked for it. */
export const DEFAULT_DIGEST: Versioned<PutDigestSettingsRequest> = {
  recipients: [],
  thresholds: [...DEFAULT_THRESHOLDS],
  expirations: true,
  renewals: true,
  language: 'en',
  version: 0,
};

/** As they are kept and shown: each address once, whatever its case; the earliest threshold first. */
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
