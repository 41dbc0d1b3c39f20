import type { KeyObject } from 'node:crypto';
import {
  createSigner,
  exportPublicKey,
  generateKey,
  importPrivateKey,
  importPublicKey,
  issueCertificate,
  verifyCertificate,
} from '@smartserver/license-document';
import { ConfigError, type Logger } from '@smartserver/service-kit';
import type { SigningSet } from './document-signer.ts';

/** The variables that a signing set is made of. */
export type SigningSetConfig = {
  NODE_ENV: string;
  LICENSE_SIGNING_KEY: string;
  LICENSE_KEY_PASSPHRASE: string;
  LICENSE_SIGNING_CERTIFICATE: string;
  LICENSE_ROOT_PUBLIC_KEY: string;
};

const NAMES = ['LICENSE_SIGNING_KEY', 'LICENSE_SIGNING_CERTIFICATE', 'LICENSE_ROOT_PUBLIC_KEY'] as const;

/**
 * Reads the signing set and proves that its parts belong together: better no start than documents that no controller believes.
 * Outside of production, none at all means one that lasts as long as the process.
 * @throws ConfigError that names the variable
 */
export function loadSigningSet(config: SigningSetConfig, now: Date, logger: Logger): SigningSet {
  const missing = NAMES.filter((name) => config[name] === '');
  if (missing.length === NAMES.length && config.NODE_ENV !== 'production') {
    logger.warn('no license signing key is configured: documents are signed with one that ends with this process');
    return passingSet(now);
  }
  if (missing.length > 0) throw new ConfigError(missing.map((name) => `${name} is missing`).join('; '));

  const passphrase = config.LICENSE_KEY_PASSPHRASE;
  const signingKey = read('LICENSE_SIGNING_KEY', () =>
    importPrivateKey(config.LICENSE_SIGNING_KEY, passphrase === '' ? undefined : passphrase),
  );
  const rootPublicKey = read('LICENSE_ROOT_PUBLIC_KEY', () => importPublicKey(config.LICENSE_ROOT_PUBLIC_KEY));
  return provenSet(signingKey, config.LICENSE_SIGNING_CERTIFICATE.trim(), rootPublicKey, now);
}

function provenSet(signingKey: KeyObject, certificate: string, rootPublicKey: KeyObject, now: Date): SigningSet {
  const { notBefore, notAfter } = read('LICENSE_SIGNING_CERTIFICATE', () => {
    createSigner({ signingKey, certificate });
    return verifyCertificate(certificate, { rootPublicKey });
  });
  if (now > notAfter) throw new ConfigError(`LICENSE_SIGNING_CERTIFICATE expired at ${notAfter.toISOString()}`);
  if (now < notBefore)
    throw new ConfigError(`LICENSE_SIGNING_CERTIFICATE is not valid before ${notBefore.toISOString()}`);
  return { signingKey, certificate, rootPublicKey, notBefore, notAfter };
}

const YEAR_MS = 366 * 86_400_000;

function passingSet(now: Date): SigningSet {
  const [rootKey, signingKey] = [generateKey(), generateKey()];
  const notAfter = new Date(now.getTime() + 10 * YEAR_MS);
  const certificate = issueCertificate({ rootKey, signingKey, notBefore: now, notAfter });
  return {
    signingKey,
    certificate,
    rootPublicKey: importPublicKey(exportPublicKey(rootKey)),
    notBefore: now,
    notAfter,
  };
}

/** These errors say what is wrong without showing any key. */
function read<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ConfigError(`${name} is not usable: ${error instanceof Error ? error.message : 'unknown reason'}`);
  }
}
