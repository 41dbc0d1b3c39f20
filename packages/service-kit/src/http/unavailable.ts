import { isError } from '../is-error.ts';

/**
 * SQLSTATE classes and codes of a database that cannot work now, but may later [guarantees.md 7, 8]:
 * 08 connection, 53 resources (disk full, too many connections), 57 operator (shutdown, cancelled by its time-out),
 * 58 system (I/O); read-only, lock not available, serialization failure, deadlock.
 */
const CLASSES = new Set(['08', '53', '57', '58']);
const STATES = new Set(['25006', '55P03', '40001', '40P01']);

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** pg and its pool raise these as plain errors, without a code. */
const DRIVER_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Cannot use a pool after calling end|Client was closed|Connection ended unexpectedly|driver has already been destroyed)/i;

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Whether an error means "not now" rather than "wrong". Follows `cause`. */
export const isUnavailable = (error: unknown, depth = 0): boolean => {
  if (!isError(error) || depth > 5) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (CONNECTION_CODES.has(code)) return true;
  if (SQLSTATE.test(code) && (STATES.has(code) || CLASSES.has(code.slice(0, 2)))) return true;
  if (DRIVER_MESSAGES.test(error.message)) return true;
  if ('errors' in error && Array.isArray(error.errors))
    return error.errors.some((part) => isUnavailable(part, depth + 1));
  return isUnavailable(error.cause, depth + 1);
};
