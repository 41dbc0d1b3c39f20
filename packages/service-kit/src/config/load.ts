import { type CleanedEnv, cleanEnv, EnvMissingError, type ValidatorSpec } from 'envalid';

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
 * Reads the environment once, by a schema of envalid validators [architecture.md decision 7].
 * @returns the parsed values, frozen
 * @throws ConfigError that names every faulty variable
 */
export const loadConfig = <S extends Specs>(env: NodeJS.ProcessEnv, spec: S): Readonly<CleanedEnv<S>> => {
  const parsed = cleanEnv(env, spec, {
    reporter: ({ errors }) => {
      const faulty = (Object.entries(errors) as [string, Error][]).map(
        ([name, error]) => `${name} ${reason(error, spec[name]?.choices)}`,
      );
      if (faulty.length > 0) throw new ConfigError(faulty.join('; '));
    },
  });
  return Object.freeze({ ...parsed });
};
