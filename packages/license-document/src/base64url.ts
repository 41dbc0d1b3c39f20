import { FormatError } from './errors.ts';

/**
 * Strict base64url (RFC 4648, section 5): no padding, no foreign characters and zero spare bits, so that one value has
 * exactly one spelling. By hand, as this package depends on node:crypto and nothing else. @throws FormatError naming `where`
 */
export const decodeBase64url = (text: string, where: string): Buffer => {
  const bytes = Buffer.from(text, 'base64url');
  // Buffer.from skips what is not base64url; encoding the bytes again shows whether it did.
  if (bytes.toString('base64url') !== text) throw new FormatError(`The ${where} is not strict base64url.`);
  return bytes;
};

/** Text, as UTF-8, in base64url. */
export const encodeBase64url = (value: string): string => Buffer.from(value).toString('base64url');
