import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import {
  createSigner,
  type DocumentLicense,
  documentOf,
  generateKey,
  issueCertificate,
  type LicenseDocument,
  signDeviceProof,
  verifyDeviceProof,
  verifyDocument,
} from '../src/index.ts';
import { notAfter, notBefore } from './support.ts';

const instant = (min: Date, max: Date) => fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
const anyInstant = instant(new Date('1970-01-01'), new Date('9999-12-31'));
const printable = (maxLength: number) =>
  fc.string({ unit: 'grapheme', minLength: 1, maxLength }).filter((value) => value.length <= maxLength);
const code = fc.stringMatching(/^[A-Z0-9-]{8,64}$/);

const license: fc.Arbitrary<DocumentLicense> = fc
  .record({
    licenseId: fc.uuid(),
    kind: fc.constantFrom('capacity' as const, 'maintenance' as const, 'core' as const, 'remote_cms' as const),
    deviceCount: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    activatedAt: anyInstant,
    expiresAt: anyInstant,
  })
  .map((drawn) => (drawn.kind === 'capacity' || drawn.kind === 'core' ? { ...drawn, expiresAt: null } : drawn));

/** With the beginning of its term where it has one, in version 2. */
const begun = fc.tuple(license, fc.option(anyInstant)).map(([drawn, startsAt]): DocumentLicense => {
  const hasTerm = startsAt !== null && drawn.expiresAt !== null && startsAt < drawn.expiresAt;
  return hasTerm ? { ...drawn, startsAt } : drawn;
});

const common = {
  issuer: printable(200),
  installCode: code,
  customerId: fc.uuid(),
  serial: fc.maxSafeNat(),
  issuedAt: instant(notBefore, notAfter),
};
const unique = { selector: ({ licenseId }: DocumentLicense) => licenseId, maxLength: 20 };
const document: fc.Arbitrary<LicenseDocument> = fc.oneof(
  fc.record({ ...common, formatVersion: fc.constant(1 as const), licenses: fc.uniqueArray(license, unique) }),
  fc.record({ ...common, formatVersion: fc.constant(2 as const), licenses: fc.uniqueArray(begun, unique) }),
);

/** The same members in the opposite order. */
const reversed = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).reverse()) as T;

test('every document that is signed verifies against its root alone, unchanged', () => {
  fc.assert(
    fc.property(document, (issued) => {
      const [rootKey, signingKey] = [generateKey(), generateKey()];
      const rootPublicKey = createPublicKey(rootKey);
      const signer = createSigner({
        signingKey,
        certificate: issueCertificate({ rootKey, signingKey, notBefore, notAfter }),
      });
      const jws = signer.sign(issued);
      const verified = verifyDocument(jws, {
        rootPublicKey,
        installCode: issued.installCode,
        minimumSerial: issued.serial,
      });
      expect(verified.document).toEqual(issued);
      expect(verified.kid).toBe(signer.kid);
      expect(verified.certificate).toEqual({ notBefore, notAfter });
    }),
  );
});

test('an issuer gets the lowest version that can say it: beginnings are kept only while they are still to come', () => {
  const content = fc.record({ ...common, licenses: fc.uniqueArray(begun, unique) });
  const [rootKey, signingKey] = [generateKey(), generateKey()];
  const signer = createSigner({
    signingKey,
    certificate: issueCertificate({ rootKey, signingKey, notBefore, notAfter }),
  });
  fc.assert(
    fc.property(content, (drawn) => {
      const made = documentOf(drawn);
      const toCome = drawn.licenses.filter(({ startsAt }) => startsAt !== undefined && startsAt > drawn.issuedAt);
      expect(made.formatVersion).toBe(toCome.length > 0 ? 2 : 1);
      const begins = new Map(toCome.map(({ licenseId, startsAt }) => [licenseId, startsAt]));
      for (const [index, license] of made.licenses.entries()) {
        const { startsAt: _, ...rest } = drawn.licenses[index] as DocumentLicense;
        const startsAt = begins.get(license.licenseId);
        expect(license).toEqual(startsAt === undefined ? rest : { ...rest, startsAt });
      }
      const verified = verifyDocument(signer.sign(made), { rootPublicKey: createPublicKey(rootKey) });
      expect(verified.document).toEqual(made);
    }),
  );
});

test('equal documents give equal bytes, whatever the order of their members; different ones never do', () => {
  const [rootKey, signingKey] = [generateKey(), generateKey()];
  const certificate = issueCertificate({ rootKey, signingKey, notBefore, notAfter });
  const signer = createSigner({ signingKey, certificate });
  fc.assert(
    fc.property(document, document, (one, other) => {
      const shuffled = reversed({ ...one, licenses: one.licenses.map(reversed) });
      expect(signer.sign(shuffled)).toBe(signer.sign(one));
      // A second signer over the same key: nothing of a signer's past goes into a signature.
      expect(createSigner({ signingKey, certificate }).sign(one)).toBe(signer.sign(one));
      expect(signer.sign(other) === signer.sign(one)).toBe(JSON.stringify(other) === JSON.stringify(one));
    }),
  );
});

test('every device proof that is signed verifies, with its time in whole seconds', () => {
  fc.assert(
    fc.property(
      fc.record({
        audience: printable(256),
        customerId: fc.uuid(),
        installCode: code,
        userType: printable(64),
        issuedAt: fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        nonce: printable(256),
      }),
      (claims) => {
        const deviceKey = generateKey();
        const proof = verifyDeviceProof(signDeviceProof({ deviceKey, ...claims }));
        const { publicKeyJwk, thumbprint: _, ...read } = proof;
        expect(read).toEqual({ ...claims, issuedAt: new Date(Math.floor(claims.issuedAt.getTime() / 1000) * 1000) });
        expect(publicKeyJwk).toEqual(createPublicKey(deviceKey).export({ format: 'jwk' }));
      },
    ),
  );
});
