import { loadConfig, serviceConfig } from '@smartserver/service-kit';
import { makeValidator, str } from 'envalid';

/** PEM in one line, as files of environment variables hold it. */
const pem = makeValidator<string>((text) => text.replaceAll('\\n', '\n'));

const spec = {
  ...serviceConfig,
  LICENSE_SIGNING_KEY: pem({ default: '', desc: 'Private Ed25519 key that signs license documents, PKCS #8 PEM' }),
  LICENSE_KEY_PASSPHRASE: str({ default: '', desc: 'Passphrase of that key, if it is encrypted' }),
  LICENSE_SIGNING_CERTIFICATE: str({ default: '', desc: 'Certificate of that key, issued with the root key' }),
  LICENSE_ROOT_PUBLIC_KEY: pem({ default: '', desc: 'Public root key that controllers have, SPKI PEM' }),
};

/** Configuration of the activation service. */
export type ActivationConfig = ReturnType<typeof activationConfig>;

/** @throws ConfigError that names every faulty variable */
export const activationConfig = (env: NodeJS.ProcessEnv) => loadConfig(env, spec);
