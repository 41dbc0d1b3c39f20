import { FormatError } from './errors.ts';
import {
  exactFields,
  type Field,
  type Fields,
  installCode,
  instant,
  keyThumbprint,
  literal,
  serial,
  text,
  uuid,
  wholeNumber,
} from './fields.ts';
import type { JwsKind } from './jws.ts';

/** The format versions this package reads. It writes the lowest that can say what there is to say. */
export const formatVersions: readonly number[] = [1, 2];

/** Greatest length of a document in characters (1 MiB): some 4,900 licenses on one controller. */
export const maxDocumentLength = 1024 * 1024;

/**
 * The JWS that carries a document: `kid` of the signing key and that key's certificate travel in the header, and from the
 * first revocation on the newest statement of revoked keys.
 */
export const documentKind: JwsKind = {
  typ: 'smartserver-license+jwt',
  headerFields: {
    kid: keyThumbprint,
    cert: { check: (value) => typeof value === 'string', expected: 'the certificate of the signing key' },
    rev: { check: (value) => typeof value === 'string', expected: 'a statement of revoked keys', optional: true },
  },
  maxLength: maxDocumentLength,
};

/** The kinds of license the vendor sells [V]. */
export type LicenseKind = 'capacity' | 'maintenance' | 'core' | 'remote_cms';

/** One license on the controller. Instants are RFC 3339 in UTC; the term ends at `expiresAt`, `null`: never. */
export type DocumentLicense = {
  licenseId: string;
  kind: LicenseKind;
  /** Devices it is good for: 1 or more for capacity and maintenance, 0 or more otherwise. */
  deviceCount: number;
  activatedAt: string;
  /**
   * When its term begins, where that is after the document was issued: a renewal that was activated early. Only in format
   * version 2, only with `expiresAt`, and before it. Absent: the term runs.
   */
  startsAt?: string;
  /** Always set for maintenance, never for capacity and core [V]. */
  expiresAt: string | null;
};

/** What a controller may use, whole: it replaces every document of a lower serial. [D] The signed license document */
export type LicenseDocument = {
  /** 2 where a license has `startsAt`, else 1. */
  formatVersion: 1 | 2;
  /** Who issued it, 1 to 200 characters. */
  issuer: string;
  /** Upper case, as printed on the label: 8 to 64 letters, digits and hyphens. */
  installCode: string;
  /** UUID in lower case. */
  customerId: string;
  /** Grows with every change of that controller; 0 to 2^53 - 1. */
  serial: number;
  /** RFC 3339, UTC. */
  issuedAt: string;
  /** In the issuer's order; no License ID twice. Empty: the controller holds none any more. */
  licenses: DocumentLicense[];
};

/** What an issuer has to say, whatever the format version; `startsAt` may be given of any license whose beginning is known. */
export type DocumentContent = Omit<LicenseDocument, 'formatVersion' | 'licenses'> & {
  licenses: (Omit<DocumentLicense, 'startsAt'> & { startsAt?: string | null })[];
};

/**
 * The document that says this, in the lowest format version that can: older controllers read it then. Of the beginnings of terms
 * it keeps those that are still to come.
 */
export const documentOf = (content: DocumentContent): LicenseDocument => {
  const issuedAt = Date.parse(content.issuedAt);
  const licenses = content.licenses.map(({ startsAt, ...license }): DocumentLicense => {
    return startsAt && Date.parse(startsAt) > issuedAt ? { ...license, startsAt } : license;
  });
  return { ...content, formatVersion: licenses.some(({ startsAt }) => startsAt !== undefined) ? 2 : 1, licenses };
};

const documentFields = {
  issuer: text(200),
  installCode,
  customerId: uuid,
  serial,
  issuedAt: instant,
  licenses: { check: Array.isArray, expected: 'a list' },
} satisfies Fields;

const never: Field = { check: (value) => value === null, expected: 'null: this kind never expires' };
const instantOrNever: Field = {
  check: (value) => value === null || instant.check(value),
  expected: `null or ${instant.expected}`,
};

// 32-bit signed: a limit that firmware in any language can hold.
const maxDeviceCount = 2 ** 31 - 1;

type FieldsByKind = Readonly<Record<LicenseKind, Fields>>;

const fieldsOf = (kind: LicenseKind, minimumDevices: number, expiresAt: Field): Fields => ({
  licenseId: uuid,
  kind: literal(kind),
  deviceCount: wholeNumber(minimumDevices, maxDeviceCount),
  activatedAt: instant,
  expiresAt,
});

const licenseFields: FieldsByKind = {
  capacity: fieldsOf('capacity', 1, never),
  maintenance: fieldsOf('maintenance', 1, instant),
  core: fieldsOf('core', 0, never),
  remote_cms: fieldsOf('remote_cms', 0, instantOrNever),
};

const startsAt: Field = { ...instant, optional: true };

/** Format version 2: what has a term may say when it begins. */
const licenseFields2: FieldsByKind = {
  ...licenseFields,
  maintenance: { ...licenseFields.maintenance, startsAt },
  remote_cms: { ...licenseFields.remote_cms, startsAt },
};

/** Checks every member of a document, by its format version. @throws FormatError naming the member, never its value */
export function checkDocument(value: unknown): asserts value is LicenseDocument {
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion === 2 ? 2 : 1;
  exactFields(value, 'license document', { formatVersion: literal(version), ...documentFields });
  const fieldsByKind = version === 2 ? licenseFields2 : licenseFields;
  const seen = new Set<unknown>();
  for (const [index, license] of (value.licenses as unknown[]).entries()) {
    const where = `license at position ${index + 1}`;
    const kind = (license as { kind?: unknown } | null)?.kind;
    if (typeof kind !== 'string' || !Object.hasOwn(fieldsByKind, kind)) {
      throw new FormatError(`The ${where} is of no known kind.`);
    }
    exactFields(license, where, fieldsByKind[kind as LicenseKind]);
    if ('startsAt' in license) requireTerm(license as { startsAt: string; expiresAt: string | null }, where);
    if (seen.has(license.licenseId)) throw new FormatError(`The ${where} is there twice.`);
    seen.add(license.licenseId);
  }
}

/** Only what ends can begin later, and it begins before it ends. @throws FormatError */
const requireTerm = ({ startsAt, expiresAt }: { startsAt: string; expiresAt: string | null }, where: string): void => {
  if (expiresAt === null) throw new FormatError(`The ${where} begins and never expires.`);
  if (Date.parse(startsAt) >= Date.parse(expiresAt)) throw new FormatError(`The ${where} expires before it begins.`);
};

/** The document with its members in the order they are signed in, so that equal documents give equal bytes. */
export const inCanonicalOrder = (document: LicenseDocument): LicenseDocument => {
  const { formatVersion, issuer, installCode, customerId, serial, issuedAt } = document;
  const licenses = document.licenses.map(({ licenseId, kind, deviceCount, activatedAt, startsAt, expiresAt }) => {
    return { licenseId, kind, deviceCount, activatedAt, ...(startsAt === undefined ? {} : { startsAt }), expiresAt };
  });
  return { formatVersion, issuer, installCode, customerId, serial, issuedAt, licenses };
};
