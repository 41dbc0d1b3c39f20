/** Files that a SmartServer makes, as far as this page looks into them. Whether they are genuine, the server decides. */
export type RequestPreview = { installCode: string; segmentName: string; softwareVersion: string; createdAt: string };
export type ReceiptPreview = { installCode: string; licenseIds: string[]; createdAt: string };

export type FileFault = 'too_large' | 'not_this_kind' | 'license_file' | 'receipt_file' | 'request_file' | 'incomplete';

type Kind = { label: string; maxLength: number };

const REQUEST: Kind = { label: 'SMARTSERVER LICENSE REQUEST', maxLength: 16 * 1024 };
const RECEIPT: Kind = { label: 'SMARTSERVER RETURN RECEIPT', maxLength: 64 * 1024 };

const OTHERS: Readonly<Record<string, FileFault>> = {
  'SMARTSERVER LICENSE': 'license_file',
  [REQUEST.label]: 'request_file',
  [RECEIPT.label]: 'receipt_file',
};

const payloadOf = (jws: string): Record<string, unknown> | null => {
  try {
    const base64 = (jws.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const payload: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

const open = (kind: Kind, text: string): Record<string, unknown> | FileFault => {
  // Characters count, as the server counts them.
  if (text.length > kind.maxLength) return 'too_large';
  const label = /^-----BEGIN ([A-Z ]+)-----\s*$/m.exec(text)?.[1];
  if (label === undefined) return text.startsWith('SmartServer ') ? 'incomplete' : 'not_this_kind';
  if (label !== kind.label) return OTHERS[label] ?? 'not_this_kind';
  const [, body] = text.replaceAll('\r', '').split(`-----BEGIN ${label}-----\n`);
  const [block, rest] = (body ?? '').split(`-----END ${label}-----`);
  if (rest === undefined) return 'incomplete';
  return payloadOf((block ?? '').replaceAll('\n', '')) ?? 'not_this_kind';
};

const isText = (value: unknown): value is string => typeof value === 'string';

/** What a `.req` file says, to be shown before anything is done with it. */
export const readRequestFile = (text: string): RequestPreview | FileFault => {
  const payload = open(REQUEST, text);
  if (isText(payload)) return payload;
  const { installCode, segmentName, softwareVersion, createdAt } = payload;
  if (!isText(installCode) || !isText(segmentName) || !isText(softwareVersion) || !isText(createdAt)) {
    return 'not_this_kind';
  }
  return { installCode, segmentName, softwareVersion, createdAt };
};

/** What a return receipt says, to be shown before anything is done with it. */
export const readReceipt = (text: string): ReceiptPreview | FileFault => {
  const payload = open(RECEIPT, text);
  if (isText(payload)) return payload;
  const { installCode, licenseIds, createdAt } = payload;
  if (!isText(installCode) || !Array.isArray(licenseIds) || !licenseIds.every(isText) || !isText(createdAt)) {
    return 'not_this_kind';
  }
  return { installCode, licenseIds, createdAt };
};

/** More than any such file holds: nothing of a larger one is read into memory. */
export const LARGEST_FILE_BYTES = 4 * RECEIPT.maxLength;
