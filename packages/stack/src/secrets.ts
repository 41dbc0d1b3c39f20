import { randomBytes } from 'node:crypto';
import {
  exportPrivateKey,
  exportPublicKey,
  fingerprint,
  generateKey,
  issueCertificate,
} from '@smartserver/license-document';

const DAY = 86_400_000;
/** How long a signing key's certificate is good for issuing. What it signed stays valid for ever. */
const CERTIFICATE_DAYS = 2 * 365;

/** A secret that may stand in a URL or an environment file as it is. */
export const newSecret = (bytes = 32): string => randomBytes(bytes).toString('base64url');

/** 32 bytes, base64, as ACCOUNT_SECRET_KEY, MAIL_SEAL_KEY and WEBHOOK_SEAL_KEY want them. */
export const newSecretKey = (): string => randomBytes(32).toString('base64');

export type LicenseKeySet = {
  /** PKCS #8 PEM; encrypted when a passphrase was given. Belongs offline. */
  rootPrivateKey: string;
  rootPublicKey: string;
  rootFingerprint: string;
  signingKey: string;
  signingCertificate: string;
};

/** A root key and a first signing key that it certifies, from now on. */
export function newLicenseKeySet(now: Date, rootPassphrase?: string): LicenseKeySet {
  const rootKey = generateKey();
  const signingKey = generateKey();
  // An hour back: a server whose clock runs behind must be able to issue at once.
  const notBefore = new Date(now.getTime() - 3_600_000);
  const notAfter = new Date(now.getTime() + CERTIFICATE_DAYS * DAY);
  return {
    rootPrivateKey: exportPrivateKey(rootKey, rootPassphrase),
    rootPublicKey: exportPublicKey(rootKey),
    rootFingerprint: fingerprint(rootKey),
    signingKey: exportPrivateKey(signingKey),
    signingCertificate: issueCertificate({ rootKey, signingKey, notBefore, notAfter }),
  };
}
