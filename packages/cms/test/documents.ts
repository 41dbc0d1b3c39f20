import type { KeyObject } from 'node:crypto';
import {
  createSigner,
  type DocumentContent,
  type DocumentLicense,
  documentOf,
  exportPublicKey,
  generateKey,
  importPublicKey,
  issueCertificate,
  issueRevocation,
  type LicenseDocument,
  writeLicenseFile,
} from '@smartserver/license-document';

export const installCode = '0302E1C2A8F40011';
export const customerId = '2133c667-af41-4518-94df-a2bb3b775330';
export const capacityId = '8f3c1b1e-5c0e-4a52-9a7b-0d1e7c1b2a10';
export const maintenanceId = '1b6f0a52-77de-4f0e-8f9f-1f0b6f4be0c3';

export const capacity: DocumentLicense = {
  licenseId: capacityId,
  kind: 'capacity',
  deviceCount: 1000,
  activatedAt: '2026-03-01T12:00:00.000Z',
  expiresAt: null,
};
export const maintenance: DocumentLicense = {
  licenseId: maintenanceId,
  kind: 'maintenance',
  deviceCount: 1000,
  activatedAt: '2026-03-01T12:00:00.000Z',
  expiresAt: '2029-03-01T12:00:00.000Z',
};

const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') };

/** An issuer of genuine license documents and files, with a root key of its own. */
export const issuer = () => {
  const rootKey = generateKey();
  let signingKey = generateKey();
  let signer = createSigner({ signingKey, certificate: issueCertificate({ rootKey, signingKey, ...validity }) });
  const rootPublicKey: KeyObject = importPublicKey(exportPublicKey(rootKey));
  const sign = (change: Partial<LicenseDocument> = {}) =>
    signer.sign({
      formatVersion: 1,
      issuer: 'EnOcean SmartServer license management',
      installCode,
      customerId,
      serial: 1,
      issuedAt: '2026-03-01T12:00:00.000Z',
      licenses: [capacity],
      ...change,
    });
  /** What the license service makes of these licenses: it knows when every term begins. */
  const issue = (content: Partial<DocumentContent>) =>
    signer.sign(
      documentOf({
        issuer: 'EnOcean SmartServer license management',
        installCode,
        customerId,
        serial: 1,
        issuedAt: '2026-03-01T12:00:00.000Z',
        licenses: [],
        ...content,
      }),
    );
  const file = (change: Partial<LicenseDocument> = {}) => writeLicenseFile({ jws: sign(change) });
  /** Another signing key from now on; documents carry a statement that revokes the one so far, by default. */
  const replaceKey = (options: { revoke: boolean; at?: string } = { revoke: true }) => {
    const revocations = options.revoke
      ? issueRevocation({
          rootKey,
          revokedKeyIds: [signer.kid],
          issuedAt: new Date(options.at ?? '2026-04-01T00:00:00Z'),
        })
      : null;
    signingKey = generateKey();
    const certificate = issueCertificate({ rootKey, signingKey, ...validity });
    signer = createSigner({ signingKey, certificate, revocations });
  };
  return { rootPublicKey, sign, issue, file, replaceKey };
};

export type Vendor = ReturnType<typeof issuer>;
