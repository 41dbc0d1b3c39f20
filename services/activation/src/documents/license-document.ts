import type { LicenseKind } from '@smartserver/contracts';
import { documentOf, type LicenseDocument } from '@smartserver/license-document';

/** A license in a document, with the activation that put it there. Instants as `Date.toISOString` writes them. */
type FactsLicense = {
  licenseId: string;
  kind: LicenseKind;
  deviceCount: number;
  activationId: string;
  activatedAt: string;
  /** Absent in facts that were kept before it was known. */
  startsAt?: string | null;
  expiresAt: string | null;
};

/**
 * What a license document says: the open activations of good standing of one controller at one serial. Signing is
 * deterministic, so these facts are all that an idempotency row has to remember.
 */
export type DocumentFacts = {
  installCode: string;
  customerId: string;
  serial: number;
  issuedAt: string;
  /** The signing key at that time. */
  kid: string;
  /** By License ID. */
  licenses: FactsLicense[];
};

const ISSUER = 'EnOcean SmartServer license management';

/**
 * The document of these facts. Of a term that begins later, as that of a renewal activated early, it says when.
 * @param notBefore since when the signing key is certified. A document that was issued under an earlier key and is signed
 *   again with this one is issued by it at that time: before, nobody would believe it.
 */
export const licenseDocument = (facts: DocumentFacts, notBefore: Date): LicenseDocument => {
  const { installCode, customerId, serial } = facts;
  const issuedAt = new Date(Math.max(Date.parse(facts.issuedAt), notBefore.getTime())).toISOString();
  const licenses = facts.licenses
    .map(({ licenseId, kind, deviceCount, activatedAt, startsAt = null, expiresAt }) => ({
      licenseId,
      kind,
      deviceCount,
      activatedAt,
      startsAt,
      expiresAt,
    }))
    .sort((a, b) => (a.licenseId < b.licenseId ? -1 : 1));
  return documentOf({ issuer: ISSUER, installCode, customerId, serial, issuedAt, licenses });
};
