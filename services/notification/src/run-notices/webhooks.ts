import type { AccountTerm } from '../model/maintenance-term.sql.ts';
import type { Running } from '../notices/rule.ts';
import type { NewWebhook } from '../webhook-messages/webhook.ts';

const dataOf = ({
  licenseId,
  partnerId,
  customerId,
  installCode,
  segmentName,
  deviceCount,
  expiresAt,
}: Running<AccountTerm>) => ({
  licenseId,
  partnerId,
  customerId,
  installCode,
  // A license on a controller has one.
  segmentName: segmentName ?? '',
  deviceCount,
  expiresAt: expiresAt.toISOString(),
});

/** @param occasion distinguishes the thresholds of one term */
export const endWebhook = (
  type: 'maintenance.expiring' | 'maintenance.expired',
  term: Running<AccountTerm>,
  occasion: string,
): NewWebhook => {
  const data = dataOf(term);
  return { type, partnerId: term.partnerId, data, dedupeKey: `${term.licenseId} ${data.expiresAt} ${occasion}` };
};

/** @param renewedUntil until when the renewed license lasts */
export const renewedWebhook = (
  term: Running<AccountTerm> & { renews: string; firstMovedAt: Date },
  renewedUntil: Date | null,
): NewWebhook => {
  const { licenseId, partnerId, renews, firstMovedAt } = term;
  const startsAt = renewedUntil !== null && renewedUntil > firstMovedAt ? renewedUntil : firstMovedAt;
  const data = { ...dataOf(term), renews, startsAt: (term.startsAt ?? startsAt).toISOString() };
  return { type: 'maintenance.renewed', partnerId, data, dedupeKey: `${licenseId} renewed` };
};
