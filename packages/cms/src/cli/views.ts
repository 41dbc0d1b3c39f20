import type { DocumentLicense } from '@smartserver/license-document';
import { type LicenseStatus, licenseStatus } from '@smartserver/rules';
import type { StoredLicenses } from '../folder/license-store.ts';
import { isAnswered, type OfflineReturn } from '../folder/offline-returns.ts';
import { describeLicense, instantText, table } from './text.ts';

export type LicenseWithStatus = DocumentLicense & { status: LicenseStatus };

/** @param now the time by which expiry is judged */
export const withStatus = (licenses: readonly DocumentLicense[], now: Date): LicenseWithStatus[] =>
  licenses.map((license) => {
    const expiresAt = license.expiresAt === null ? null : new Date(license.expiresAt);
    return { ...license, status: licenseStatus({ expiresAt, now }) };
  });

export const licensesTable = (licenses: readonly LicenseWithStatus[]): string => {
  const rows = licenses.map((license) => [
    describeLicense(license),
    license.status,
    instantText(license.activatedAt),
    instantText(license.expiresAt),
    license.licenseId,
  ]);
  return table(['Description', 'Status', 'Activation date', 'Expires', 'License ID'], rows);
};

/** Offline returns for machines: what was removed, and whether the cloud's newest document shows that it knows. */
export const returnsJson = ({ stored, returns }: StoredLicenses): object[] =>
  returns.map((returned) => ({
    serial: returned.serial,
    returnedAt: returned.returnedAt,
    licenseIds: returned.licenses.map(({ licenseId }) => licenseId),
    answered: isAnswered(returned, stored.document),
  }));

/** A paragraph on licenses that were returned offline and that the cloud does not know of yet; nothing when there are none. */
export const unansweredText = ({ stored: { document }, returns }: StoredLicenses): string[] => {
  const open = returns.filter((returned) => !isAnswered(returned, document));
  // Of several receipts for one license the last one counts.
  const last = new Map(open.flatMap((returned) => returned.licenses.map(({ licenseId }) => [licenseId, returned])));
  if (last.size === 0) return [];
  return [
    '',
    'Returned offline. The cloud holds them for this SmartServer until it has the receipt:',
    ...[...last].map(([licenseId, returned]) => `  ${licenseId} (${receiptText(returned, document.serial)})`),
  ];
};

const receiptText = ({ serial, limit }: OfflineReturn, documentSerial: number) =>
  limit >= documentSerial
    ? `receipt ${serial}`
    : `receipt ${serial} is from before the newest document: run return --offline for another one, unless it was uploaded`;
