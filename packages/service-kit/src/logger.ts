import { type DestinationStream, type Logger, pino } from 'pino';
import { isError } from './is-error.ts';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names of fields that hold secrets: never written, at the depths that log objects have. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'password',
  'passwordHash',
  'otp',
  'proof',
  'secret',
  'clientSecret',
  'client_secret',
  'token',
  'accessToken',
  'access_token',
  'refreshToken',
  'invitationToken',
  'privateKey',
  'connectionString',
  'jws',
];

const at = (prefix: string, name: string) => (name.startsWith('[') ? `${prefix}${name}` : `${prefix}.${name}`);
const REDACTED_PATHS = SECRET_NAMES.flatMap((name) => [name, at('*', name), at('*.*', name), at('*.*.*', name)]);

/** URLs of databases and queues hold a password (`postgres://user:password@host`), and drivers put them into messages. */
const withoutUrlPassword = (text: string): string => text.replace(/(\w+:\/\/[^\s:/@]*):[^\s@/]*@/g, '$1:[redacted]@');

/** Drivers attach the whole query with its parameters to their errors: only these fields are written. */
const errorToLog = (error: Error & { code?: unknown; constraint?: unknown }) => ({
  type: error.name,
  message: withoutUrlPassword(error.message),
  stack: error.stack === undefined ? undefined : withoutUrlPassword(error.stack),
  ...(typeof error.code === 'string' || typeof error.code === 'number' ? { code: error.code } : {}),
  ...(typeof error.constraint === 'string' ? { constraint: error.constraint } : {}),
  ...(isError(error.cause) ? { cause: withoutUrlPassword(error.cause.message) } : {}),
});

/**
 * Structured JSON log, one line per entry, secrets redacted [guarantees.md 24].
 * @param options.destination where lines go; standard output by default
 */
export const createLogger = (options: { service: string; level: string; destination?: DestinationStream }): Logger =>
  pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
      serializers: { err: errorToLog, error: errorToLog },
    },
    ...(options.destination ? [options.destination] : []),
  );
