import type { KeyObject } from 'node:crypto';
import {
  createSigner,
  exportPublicKey,
  generateKey,
  importPrivateKey,
  importPublicKey,
  issueCertificate,
  keyId,
  verifyCertificate,
  verifyRevocations,
} from '@smartserver/license-document';
import { ConfigError, type Logger } from '@smartserver/service-kit';
import type { Config } from '../config.ts';
import type { SigningSet } from './signer.ts';

const NAMES = ['LICENSE_SIGNING_KEY', 'LICENSE_SIGNING_CERTIFICATE', 'LICENSE_ROOT_PUBLIC_KEY'] as const;

/**
 * Reads the signing set and proves that its parts belong together: better no start than documents that no controller believes.
 * Outside of production, none at all means one that lasts as long as the process.
 * @throws ConfigError that names the variable
 */
export const loadSigningSet = (
  config: { NODE_ENV: string } & Pick<Config, `LICENSE_${string}` & keyof Config>,
  now: Date,
  logger: Logger,
): SigningSet => {
  const missing = NAMES.filter((name) => config[name] === '');
  if (missing.length === NAMES.length && config.NODE_ENV !== 'production') {
    logger.warn('no license signing key is configured: documents are signed with one that ends with this process');
    return temporarySet(now);
  }
  if (missing.length > 0) throw new ConfigError(missing.map((name) => `${name} is missing`).join('; '));

  const passphrase = config.LICENSE_KEY_PASSPHRASE;
  const signingKey = read('LICENSE_SIGNING_KEY', () =>
    importPrivateKey(config.LICENSE_SIGNING_KEY, passphrase === '' ? undefined : passphrase),
  );
  const rootPublicKey = read('LICENSE_ROOT_PUBLIC_KEY', () => importPublicKey(config.LICENSE_ROOT_PUBLIC_KEY));
  const certificate = config.LICENSE_SIGNING_CERTIFICATE.trim();
  const { notBefore, notAfter } = provenCertificate(signingKey, certificate, rootPublicKey, now);
  const previousCertificates = previousOf(config.LICENSE_PREVIOUS_CERTIFICATES, certificate, rootPublicKey);
  const revocations = revocationsOf(config.LICENSE_KEY_REVOCATIONS.trim(), keyId(signingKey), rootPublicKey);
  return { signingKey, certificate, rootPublicKey, notBefore, notAfter, previousCertificates, revocations };
};

const provenCertificate = (signingKey: KeyObject, certificate: string, rootPublicKey: KeyObject, now: Date) => {
  const name = 'LICENSE_SIGNING_CERTIFICATE';
  const { notBefore, notAfter } = read(name, () => {
    createSigner({ signingKey, certificate });
    return verifyCertificate(certificate, { rootPublicKey });
  });
  if (now > notAfter) throw new ConfigError(`${name} expired at ${notAfter.toISOString()}`);
  if (now < notBefore) throw new ConfigError(`${name} is not valid before ${notBefore.toISOString()}`);
  return { notBefore, notAfter };
};

/** One that has run out still verifies what was signed in its time. The current one may be among them: operators only append. */
const previousOf = (text: string, current: string, rootPublicKey: KeyObject): string[] => {
  const certificates = [...new Set(text.split(/[\s,]+/))].filter((each) => each !== '' && each !== current);
  read('LICENSE_PREVIOUS_CERTIFICATES', () => {
    for (const certificate of certificates) verifyCertificate(certificate, { rootPublicKey });
  });
  return certificates;
};

const revocationsOf = (statement: string, kid: string, rootPublicKey: KeyObject): string | null => {
  if (statement === '') return null;
  const { revokedKeyIds } = read('LICENSE_KEY_REVOCATIONS', () => verifyRevocations(statement, { rootPublicKey }));
  if (revokedKeyIds.includes(kid)) throw keyRevoked();
  return statement;
};

/** Better no start than documents that no controller believes. */
export const keyRevoked = (): ConfigError =>
  new ConfigError('LICENSE_SIGNING_KEY was revoked: issue another signing key');

const YEAR_MS = 366 * 86_400_000;

const temporarySet = (now: Date): SigningSet => {
  const [rootKey, signingKey] = [generateKey(), generateKey()];
  const notAfter = new Date(now.getTime() + 10 * YEAR_MS);
  const certificate = issueCertificate({ rootKey, signingKey, notBefore: now, notAfter });
  const rootPublicKey = importPublicKey(exportPublicKey(rootKey));
  return {
    signingKey,
    certificate,
    rootPublicKey,
    notBefore: now,
    notAfter,
    previousCertificates: [],
    revocations: null,
  };
};

/** These errors say what is wrong without showing any key. */
const read = <T>(name: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw new ConfigError(`${name} is not usable: ${error instanceof Error ? error.message : 'unknown reason'}`);
  }
};
