import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Random bytes from a pool: one call of the generator for about 170 requests. */
const randomHex = (bytes: number): string => {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
};

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** The W3C trace context of this request: the caller's trace with a span of our own, or a new trace. */
export const traceparentFor = (incoming: unknown): string => {
  const match = typeof incoming === 'string' ? TRACEPARENT.exec(incoming) : null;
  const valid = match !== null && match[1] !== NO_TRACE && match[2] !== NO_SPAN;
  return valid ? `00-${match[1]}-${randomHex(8)}-${match[3]}` : `00-${randomHex(16)}-${randomHex(8)}-01`;
};

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** The caller's request id if it is safe for logs and headers, else a new one. */
export const requestIdFor = (incoming: unknown): string =>
  typeof incoming === 'string' && REQUEST_ID.test(incoming) ? incoming : randomHex(16);
