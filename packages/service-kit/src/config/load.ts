import { type CleanedEnv, cleanEnv, EnvMissingError, type ValidatorSpec } from 'envalid';
import ipaddr from 'ipaddr.js';

/** A bad or missing environment variable. The message is one line, names it, and never holds its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

// biome-ignore lint/suspicious/noExplicitAny: envalid's own parameter type; each validator has its own value type
type Specs = Record<string, ValidatorSpec<any>>;

/** envalid's messages quote the value, which may be a secret: what remains is the part before it. */
const reason = (error: Error, choices: readonly unknown[] | undefined): string => {
  if (error instanceof EnvMissingError) return 'is missing';
  if (choices !== undefined) return `is none of ${choices.join(', ')}`;
  const [before = ''] = error.message.split(/[:"]/);
  return `is not valid (${before.trim().toLowerCase()})`;
};

/**
 * Reads the environment once, by a schema of envalid validators [architecture.md decision 7]. An unset NODE_ENV is `development` on
 * loopback, and `production` with any other HOST: a production start does not depend on remembering a variable.
 * @returns the parsed values, frozen
 * @throws ConfigError that names every faulty variable, and every one that must be given to listen on HOST
 */
export const loadConfig = <S extends Specs>(env: NodeJS.ProcessEnv, spec: S): Readonly<CleanedEnv<S>> => {
  const kind = isLoopback(env.HOST ?? '127.0.0.1') ? 'development' : 'production';
  const environment = { ...env, NODE_ENV: env.NODE_ENV ?? kind };
  const cleaned = cleanEnv(environment, spec, {
    reporter: ({ errors }) => {
      const faulty = (Object.entries(errors) as [string, Error][]).map(
        ([name, error]) => `${name} ${reason(error, spec[name]?.choices)}`,
      );
      if (faulty.length > 0) throw new ConfigError(faulty.join('; '));
    },
  });
  // A copy: envalid's own object throws on every name that it does not know.
  const config = { ...cleaned };
  refuseExposedDefaults(environment, spec, 'HOST' in config ? config.HOST : undefined);
  return Object.freeze(config);
};

/** Values for development, publicly known keys among them, are for this machine only. */
const refuseExposedDefaults = (env: NodeJS.ProcessEnv, spec: Specs, host: unknown): void => {
  if (env.NODE_ENV === 'production' || typeof host !== 'string' || isLoopback(host)) return;
  const used = Object.keys(spec).filter(
    (name) => env[name] === undefined && Object.hasOwn(spec[name] ?? {}, 'devDefault'),
  );
  if (used.length > 0) {
    throw new ConfigError(
      `${used.join(', ')} must be given to listen on more than loopback: their values for development are publicly known`,
    );
  }
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || (ipaddr.isValid(host) && ipaddr.parse(host).range() === 'loopback');
