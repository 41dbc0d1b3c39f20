import type { KeyObject } from 'node:crypto';
import { verifyCertificate } from '../../certificate.ts';
import { DocumentError, FileError, ProofError } from '../../errors.ts';
import { fingerprint, importPublicKey, keyId } from '../../keys.ts';
import { readLicenseFile } from '../../license-file.ts';
import { verifyRequestFile } from '../../request-file.ts';
import { verifyReturnReceipt } from '../../return-receipt.ts';
import { verifyRevocations } from '../../revocation.ts';
import { verifyDocument } from '../../verifier.ts';
import type { Command } from '../command.ts';
import { KeysError, UsageError } from '../errors.ts';
import { readTextFile } from '../key-folder.ts';
import { rootPublicKey } from '../root-key.ts';

/** Says what a file is and whether it is genuine, and shows what is in it only if it is. */
export const inspect: Command = async (invocation) => {
  const { terminal, positionals } = invocation;
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError('inspect takes one file.');
  const text = readTextFile(file);
  const root = () => {
    const key = rootPublicKey(invocation);
    if (!key) throw new KeysError('Its signature cannot be checked without the root key: give --root-key FILE.');
    return key;
  };
  try {
    terminal.out(describe(text, root));
  } catch (error) {
    const isRefusal = error instanceof DocumentError || error instanceof FileError || error instanceof ProofError;
    if (isRefusal) throw new KeysError(`Refused (${error.code}). ${error.message}`);
    throw error;
  }
};

function describe(text: string, root: () => KeyObject): string {
  if (text.includes('-----BEGIN SMARTSERVER LICENSE REQUEST-----')) {
    return shown('Request file, genuinely of the device key it carries', verifyRequestFile(text));
  }
  if (text.includes('-----BEGIN SMARTSERVER RETURN RECEIPT-----')) {
    return shown('Return receipt, genuinely of the device key it carries', verifyReturnReceipt(text));
  }
  if (/^\ufeff?SmartServer license file/.test(text)) {
    const { jws } = readLicenseFile(text);
    return shown('License file, genuine', verifyDocument(jws, { rootPublicKey: root() }));
  }
  if (text.includes('PRIVATE KEY-----')) return `Private key, ${text.includes('ENCRYPTED') ? '' : 'NOT '}encrypted.`;
  if (text.startsWith('-----BEGIN PUBLIC KEY-----')) {
    const key = importPublicKey(text);
    return shown('Public key', { kid: keyId(key), fingerprint: fingerprint(key) });
  }
  return describeJws(text.trim(), root);
}

function describeJws(jws: string, root: () => KeyObject): string {
  switch (typOf(jws)) {
    case 'smartserver-license+jwt':
      return shown('License document, genuine', verifyDocument(jws, { rootPublicKey: root() }));
    case 'smartserver-key-cert+jwt': {
      const { publicKey, ...certificate } = verifyCertificate(jws, { rootPublicKey: root() });
      return shown('Certificate, genuine', { ...certificate, fingerprint: fingerprint(publicKey) });
    }
    case 'smartserver-key-revocations+jwt':
      return shown('Statement of revoked keys, genuine', verifyRevocations(jws, { rootPublicKey: root() }));
    default:
      throw new KeysError('This is no file of the license management.');
  }
}

/** Which kind it claims to be; what it is, the verification says. */
function typOf(jws: string): unknown {
  try {
    const [header = ''] = jws.slice(0, 16_384).split('.');
    return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { typ?: unknown } | null)?.typ;
  } catch {
    return undefined;
  }
}

const shown = (what: string, content: object) => `${what}\n${JSON.stringify(content, null, 2)}`;
