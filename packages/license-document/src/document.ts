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

/** The format version this package writes and reads. */
export const formatVersion = 1;

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
  /** Always set for maintenance, never for capacity and core [V]. */
  expiresAt: string | null;
};

/** What a controller may use, whole: it replaces every document of a lower serial. [D] The signed license document */
export type LicenseDocument = {
  formatVersion: 1;
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

const documentFields: Fields = {
  formatVersion: literal(formatVersion),
  issuer: text(200),
  installCode,
  customerId: uuid,
  serial,
  issuedAt: instant,
  licenses: { check: Array.isArray, expected: 'a list' },
};

const never: Field = { check: (value) => value === null, expected: 'null: this kind never expires' };
const instantOrNever: Field = {
  check: (value) => value === null || instant.check(value),
  expected: `null or ${instant.expected}`,
};

// 32-bit signed: a limit that firmware in any language can hold.
const maxDeviceCount = 2 ** 31 - 1;

const licenseFields: Readonly<Record<LicenseKind, Fields>> = {
  capacity: fieldsOf('capacity', 1, never),
  maintenance: fieldsOf('maintenance', 1, instant),
  core: fieldsOf('core', 0, never),
  remote_cms: fieldsOf('remote_cms', 0, instantOrNever),
};

function fieldsOf(kind: LicenseKind, minimumDevices: number, expiresAt: Field): Fields {
  return {
    licenseId: uuid,
    kind: literal(kind),
    deviceCount: wholeNumber(minimumDevices, maxDeviceCount),
    activatedAt: instant,
    expiresAt,
  };
}

/** Checks every member of a document of this format version. @throws FormatError naming the member, never its value */
export function checkDocument(value: unknown): asserts value is LicenseDocument {
  exactFields(value, 'license document', documentFields);
  const seen = new Set<unknown>();
  for (const [index, license] of (value.licenses as unknown[]).entries()) {
    const where = `license at position ${index + 1}`;
    const kind = (license as { kind?: unknown } | null)?.kind;
    if (typeof kind !== 'string' || !Object.hasOwn(licenseFields, kind)) {
      throw new FormatError(`The ${where} is of no known kind.`);
    }
    exactFields(license, where, licenseFields[kind as LicenseKind]);
    if (seen.has(license.licenseId)) throw new FormatError(`The ${where} is there twice.`);
    seen.add(license.licenseId);
  }
}

/** The document with its members in the order they are signed in, so that equal documents give equal bytes. */
export function inCanonicalOrder(document: LicenseDocument): LicenseDocument {
  const { issuer, installCode, customerId, serial, issuedAt } = document;
  const licenses = document.licenses.map(({ licenseId, kind, deviceCount, activatedAt, expiresAt }) => {
    return { licenseId, kind, deviceCount, activatedAt, expiresAt };
  });
  return { formatVersion, issuer, installCode, customerId, serial, issuedAt, licenses };
}
