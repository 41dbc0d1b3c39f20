import type { KeyObject } from 'node:crypto';
import {
  DocumentError,
  FileError,
  fingerprint,
  importPublicKey,
  keyId,
  ProofError,
  readLicenseFile,
  verifyCertificate,
  verifyDocument,
  verifyRequestFile,
  verifyReturnReceipt,
  verifyRevocations,
} from '@smartserver/license-document';
import type { Command } from '../command.ts';
import { KeysError } from '../errors.ts';
import { readTextFile } from '../key-folder.ts';
import { rootPublicKey } from '../root-key.ts';

/** What a file is, and what is in it: null for a private key. */
type Inspected = { kind: string; content: object | null };

const inWords = ({ kind, content }: Inspected): string =>
  content === null ? kind : `${kind}\n${JSON.stringify(content, null, 2)}`;

/** Says what a file is and whether it is genuine, and shows what is in it only if it is. */
export const inspect: Command = async (invocation) => {
  const {
    terminal,
    positionals: [file = ''],
    options,
  } = invocation;
  const text = readTextFile(file);
  const root = () => {
    const key = rootPublicKey(invocation);
    if (!key) throw new KeysError('Its signature cannot be checked without the root key: give --root-key FILE.');
    return key;
  };
  try {
    const found = describe(text, root);
    terminal.out(options.json ? JSON.stringify(found, null, 2) : inWords(found));
  } catch (error) {
    const isRefusal = error instanceof DocumentError || error instanceof FileError || error instanceof ProofError;
    if (isRefusal) throw new KeysError(`Refused (${error.code}). ${error.message}`, error.code);
    throw error;
  }
};

const describe = (text: string, root: () => KeyObject): Inspected => {
  if (text.includes('-----BEGIN SMARTSERVER LICENSE REQUEST-----')) {
    return { kind: 'Request file, genuinely of the device key it carries', content: verifyRequestFile(text) };
  }
  if (text.includes('-----BEGIN SMARTSERVER RETURN RECEIPT-----')) {
    return { kind: 'Return receipt, genuinely of the device key it carries', content: verifyReturnReceipt(text) };
  }
  if (/^\ufeff?SmartServer license file/.test(text)) {
    const { jws } = readLicenseFile(text);
    return { kind: 'License file, genuine', content: verifyDocument(jws, { rootPublicKey: root() }) };
  }
  if (text.includes('PRIVATE KEY-----')) {
    return { kind: `Private key, ${text.includes('ENCRYPTED') ? '' : 'NOT '}encrypted.`, content: null };
  }
  if (text.startsWith('-----BEGIN PUBLIC KEY-----')) {
    const key = importPublicKey(text);
    return { kind: 'Public key', content: { kid: keyId(key), fingerprint: fingerprint(key) } };
  }
  return describeJws(text.trim(), root);
};

const describeJws = (jws: string, root: () => KeyObject): Inspected => {
  switch (typOf(jws)) {
    case 'smartserver-license+jwt':
      return { kind: 'License document, genuine', content: verifyDocument(jws, { rootPublicKey: root() }) };
    case 'smartserver-key-cert+jwt': {
      const { publicKey, ...certificate } = verifyCertificate(jws, { rootPublicKey: root() });
      return { kind: 'Certificate, genuine', content: { ...certificate, fingerprint: fingerprint(publicKey) } };
    }
    case 'smartserver-key-revocations+jwt':
      return { kind: 'Statement of revoked keys, genuine', content: verifyRevocations(jws, { rootPublicKey: root() }) };
    default:
      throw new KeysError('This is no file of the license management.');
  }
};

/** Which kind it claims to be; what it is, the verification says. */
const typOf = (jws: string): unknown => {
  try {
    const [header = ''] = jws.slice(0, 16_384).split('.');
    return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { typ?: unknown } | null)?.typ;
  } catch {
    return undefined;
  }
};
