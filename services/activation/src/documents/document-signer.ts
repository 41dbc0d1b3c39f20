import type { KeyObject } from 'node:crypto';
import type { LicenseKeys, SignedLicenseDocument } from '@smartserver/contracts';
import { createSigner, exportPublicKey, fingerprint, keyId, type Signer } from '@smartserver/license-document';
import { type Clock, problem } from '@smartserver/service-kit';
import { type DocumentFacts, licenseDocument } from './license-document.ts';

/** The key that signs documents, its certificate by the root key, and the public half of that. */
export type SigningSet = {
  signingKey: KeyObject;
  certificate: string;
  rootPublicKey: KeyObject;
  /** Validity of the certificate, both ends included. */
  notBefore: Date;
  notAfter: Date;
};

/** Turns facts into signed documents. The same facts always give the same bytes. */
export class DocumentSigner {
  readonly kid: string;
  private readonly set: SigningSet;
  private readonly signer: Signer;
  private readonly clock: Clock;

  constructor(set: SigningSet, clock: Clock) {
    this.set = set;
    this.clock = clock;
    this.signer = createSigner(set);
    this.kid = this.signer.kid;
  }

  /**
   * To be asked before a change is made whose answer has to be signed.
   * @throws unavailable once the certificate has run out: a document would not be believed
   */
  assertReady(): void {
    const now = this.clock.now();
    if (now > this.set.notAfter || now < this.set.notBefore) {
      throw problem('unavailable', {
        log: 'the certificate of the license signing key is not valid now: issue a new one',
        headers: { 'retry-after': '60' },
      });
    }
  }

  /**
   * Signs with the key in use. Facts that were kept under an earlier key are signed again with this one: as good, and
   * the earlier key is gone.
   */
  sign(facts: DocumentFacts): SignedLicenseDocument {
    const document = licenseDocument(facts, this.set.notBefore);
    const { installCode, serial, issuedAt } = document;
    return { installCode, serial, issuedAt, jws: this.signer.sign(document) };
  }

  /** What verifies the documents: public by nature. */
  publicKeys(): LicenseKeys {
    const { rootPublicKey, certificate } = this.set;
    return {
      root: {
        kid: keyId(rootPublicKey),
        publicKey: exportPublicKey(rootPublicKey),
        fingerprint: fingerprint(rootPublicKey),
      },
      signing: [{ kid: this.kid, certificate, current: true }],
    };
  }
}
