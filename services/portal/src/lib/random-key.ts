/** A fresh Idempotency-Key. `crypto.randomUUID` is missing on pages without TLS, so it is not used. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
