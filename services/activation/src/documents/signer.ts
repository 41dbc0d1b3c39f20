import type { KeyObject } from 'node:crypto';
import type { LicenseKeys, SignedLicenseDocument } from '@smartserver/contracts';
import {
  createSigner,
  exportPublicKey,
  fingerprint,
  keyId,
  type Signer,
  verifyCertificate,
  verifyRevocations,
} from '@smartserver/license-document';
import { type Clock, problem } from '@smartserver/service-kit';
import { type DocumentFacts, licenseDocument } from '../model/document.ts';

/** The key that signs documents, its certificate by the root key, and the public half of that. */
export type SigningSet = {
  signingKey: KeyObject;
  certificate: string;
  rootPublicKey: KeyObject;
  /** Validity of the certificate, both ends included. */
  notBefore: Date;
  notAfter: Date;
  /** Of earlier signing keys, whose documents are out in the field. */
  previousCertificates: readonly string[];
  /** The newest statement of revoked signing keys; null: none was ever revoked. */
  revocations: string | null;
};

/** Turns facts into signed documents. The same facts always give the same bytes, until another key is revoked. */
export class DocumentSigner {
  readonly kid: string;
  readonly rootKid: string;
  /** The one in use first. */
  private readonly certificates: readonly { kid: string; certificate: string }[];
  private known: { statement: string; issuedAt: Date; revokedKeyIds: string[] } | null = null;
  /** Null once the key is revoked. */
  private signer: Signer | null;

  /** @throws DocumentError for parts that do not belong together, or a revoked key */
  constructor(
    private readonly set: SigningSet,
    private readonly clock: Clock,
  ) {
    this.signer = createSigner(set);
    this.kid = this.signer.kid;
    this.rootKid = keyId(set.rootPublicKey);
    this.certificates = [set.certificate, ...set.previousCertificates].map((certificate) => {
      return { kid: verifyCertificate(certificate, set).kid, certificate };
    });
    if (set.revocations !== null) this.learn(set.revocations);
  }

  /**
   * Takes over a statement of revoked keys, if it is newer than the one known: documents carry it from now on, and nothing
   * is signed any more if it names the key in use.
   * @throws DocumentError `revocations_invalid` unless the root key signed it
   */
  learn(statement: string): void {
    const { issuedAt, revokedKeyIds } = verifyRevocations(statement, this.set);
    if (this.known !== null && issuedAt <= this.known.issuedAt) return;
    this.known = { statement, issuedAt, revokedKeyIds };
    this.signer = this.isRevoked(this.kid) ? null : createSigner({ ...this.set, revocations: statement });
  }

  /** The newest statement of revoked keys, which documents carry; null where there is none. */
  get revocations(): { statement: string; issuedAt: Date } | null {
    return this.known;
  }

  /** Whether documents that this key has signed must not be believed. */
  isRevoked(kid: string): boolean {
    return this.known?.revokedKeyIds.includes(kid) ?? false;
  }

  /**
   * To be asked before a change is made whose answer has to be signed.
   * @throws unavailable once the key is revoked or its certificate has run out: a document would not be believed
   */
  assertReady(): void {
    this.signerInUse();
    const now = this.clock.now();
    if (now > this.set.notAfter || now < this.set.notBefore) {
      throw notReady('the certificate of the license signing key is not valid now: issue a new one');
    }
  }

  /**
   * Signs with the key in use. Facts that were kept under an earlier key are signed again with this one: as good, and
   * the earlier key is gone.
   * @throws unavailable once the key is revoked
   */
  sign(facts: DocumentFacts): SignedLicenseDocument {
    const document = licenseDocument(facts, this.set.notBefore);
    const { installCode, serial, issuedAt } = document;
    return { installCode, serial, issuedAt, jws: this.signerInUse().sign(document) };
  }

  /** What verifies the documents: public by nature. */
  publicKeys(): LicenseKeys {
    const { rootPublicKey } = this.set;
    const signing = this.certificates.map(({ kid, certificate }) => {
      return { kid, certificate, current: kid === this.kid, revoked: this.isRevoked(kid) };
    });
    const root = {
      kid: this.rootKid,
      publicKey: exportPublicKey(rootPublicKey),
      fingerprint: fingerprint(rootPublicKey),
    };
    return { root, signing, revocations: this.known?.statement ?? null };
  }

  private signerInUse(): Signer {
    if (this.signer === null) throw notReady('the license signing key was revoked: start with another one');
    return this.signer;
  }
}

const notReady = (log: string) => problem('unavailable', { log, headers: { 'retry-after': '60' } });
