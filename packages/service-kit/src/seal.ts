import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + IV_BYTES + TAG_BYTES;

/**
 * Encrypts with AES-256-GCM. The result is as long as the plain text and 29 bytes: format, initialization vector, tag, ciphertext.
 * @param key 32 bytes
 * @param owner id of what it belongs to: moved to another one it does not open
 */
export const sealBytes = (key: Buffer, plain: Buffer, owner: string): Buffer => {
  // Not injected: a repeated value would reveal the plain text.
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(owner));
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([FORMAT]), iv, cipher.getAuthTag(), encrypted]);
};

/** @throws Error when it was altered, moved to another owner, or sealed with another key */
export const openSealedBytes = (key: Buffer, sealed: Buffer, owner: string): Buffer => {
  if (sealed[0] !== FORMAT || sealed.length < HEAD_BYTES) throw new Error('A sealed value has an unknown format.');
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(1, 1 + IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(1 + IV_BYTES, HEAD_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
};

/** Enough for an e-mail address and a code. */
const CONTENT_BYTES = 512;

/** Encrypts a small value on its way through outbox, queues and databases. */
export type Seal = {
  /**
   * @param content plain JSON of at most 512 bytes. All sealed values have the same length
   * @param owner id of what it belongs to: moved to another one it does not open
   * @returns base64url
   */
  seal(content: object, owner: string): string;
  /** @throws Error when it was altered, moved, or sealed with another key */
  open(sealed: string, owner: string): unknown;
};

/** @param key 32 bytes that sender and receiver share */
export const createSeal = (key: Buffer): Seal => ({
  seal(content, owner) {
    const json = Buffer.from(JSON.stringify(content));
    if (json.length > CONTENT_BYTES) throw new Error('The value is too long to be sealed.');
    // JSON may end with any amount of white space.
    const plain = Buffer.concat([json, Buffer.alloc(CONTENT_BYTES - json.length, ' ')]);
    return sealBytes(key, plain, owner).toString('base64url');
  },
  open: (sealed, owner) => JSON.parse(openSealedBytes(key, Buffer.from(sealed, 'base64url'), owner).toString()),
});
