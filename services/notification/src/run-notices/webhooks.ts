import type { AccountTerm } from '../model/maintenance-term.ts';
import type { NewWebhook } from '../webhooks/webhook.ts';

const required = <T>(value: T | null): T => {
  if (value === null) throw new Error('a license that is on a controller has a place and a term');
  return value;
};

const place = ({
  licenseId,
  partnerId,
  customerId,
  installCode,
  segmentName,
  deviceCount,
  expiresAt,
}: AccountTerm) => ({
  licenseId,
  partnerId,
  customerId,
  installCode: required(installCode),
  segmentName: required(segmentName),
  deviceCount,
  expiresAt: required(expiresAt).toISOString(),
});

/** @param occasion distinguishes the thresholds of one term */
export const endWebhook = (
  type: 'maintenance.expiring' | 'maintenance.expired',
  term: AccountTerm,
  occasion: string,
): NewWebhook => {
  const data = place(term);
  return { type, partnerId: term.partnerId, data, dedupeKey: `${term.licenseId} ${data.expiresAt} ${occasion}` };
};

/** @param renewedUntil until when the renewed license lasts */
export const renewedWebhook = (term: AccountTerm, renewedUntil: Date | null): NewWebhook => {
  const firstMovedAt = required(term.firstMovedAt);
  const startsAt = renewedUntil !== null && renewedUntil > firstMovedAt ? renewedUntil : firstMovedAt;
  return {
    type: 'maintenance.renewed',
    partnerId: term.partnerId,
    data: { ...place(term), renews: required(term.renews), startsAt: (term.startsAt ?? startsAt).toISOString() },
    dedupeKey: `${term.licenseId} renewed`,
  };
};
