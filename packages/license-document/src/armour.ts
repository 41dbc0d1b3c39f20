import { FileError } from './errors.ts';

/**
 * A kind of armoured file: what people call it, its first line, the label of its signed block, and its greatest length in
 * characters. `otherTitle`: the first line in another format version that is read as well.
 */
export type FileKind = { what: string; title: string; otherTitle?: string; label: string; maxLength: number };

const lineLength = 64;

const begin = (kind: FileKind) => `-----BEGIN ${kind.label}-----`;
const end = (kind: FileKind) => `-----END ${kind.label}-----`;

/**
 * A text file with a head for people and a JWS for machines.
 * @param head lines below the title, which follow from the JWS and nothing else
 * @throws FileError `too_large`
 */
export const armour = (kind: FileKind, head: string[], jws: string): string => {
  const file = `${[kind.title, '', ...head, '', begin(kind), wrapped(jws), end(kind)].join('\n')}\n`;
  if (file.length > kind.maxLength) throw tooLarge(kind);
  return file;
};

/**
 * Finds the JWS in an armoured file. The head is compared with what the JWS says by the caller, who writes the file again:
 * one content so has one spelling. Tolerated is only what transport does to text: a byte order mark, line ends of Windows,
 * blank space at the very end.
 * @returns the JWS, and the file as it would have been written
 * @throws FileError `too_large`, `truncated` or `malformed`
 */
export const unarmour = (kind: FileKind, file: unknown): { jws: string; text: string } => {
  if (typeof file !== 'string') throw new FileError('malformed', `This is not a ${kind.what}: text is needed.`);
  // Before anything else looks at it: work and memory are bounded by this.
  if (file.length > kind.maxLength) throw tooLarge(kind);
  const text = asWritten(file);
  const start = text.indexOf(`\n${begin(kind)}\n`);
  if (start < 0) {
    if (isBeginning(kind, text)) throw truncated(kind);
    throw new FileError('malformed', `This is not a ${kind.what}.`);
  }
  const bodyStart = start + begin(kind).length + 2;
  const bodyEnd = text.indexOf(`\n${end(kind)}\n`, bodyStart);
  if (bodyEnd < 0) throw truncated(kind);
  if (bodyEnd + end(kind).length + 2 !== text.length) {
    throw new FileError('malformed', `Something follows the signed block of this ${kind.what}.`);
  }
  const body = text.slice(bodyStart, bodyEnd);
  const jws = body.replaceAll('\n', '');
  if (jws === '' || wrapped(jws) !== body) {
    throw new FileError('malformed', `The lines of the signed block of this ${kind.what} are damaged.`);
  }
  return { jws, text };
};

/** Whether a file without a signed block may be the first part of one that had it. */
const isBeginning = ({ title, otherTitle = title }: FileKind, text: string): boolean => {
  const firstLine = text.slice(0, title.length).trimEnd();
  const isTitle = title.startsWith(firstLine) || otherTitle.startsWith(firstLine);
  return firstLine !== '' && isTitle && !text.includes('\n-----END');
};

/** @throws FileError `head_mismatch` unless the head is the one that belongs to the JWS */
export const requireSameText = (kind: FileKind, found: string, expected: string): void => {
  if (found !== expected) {
    const message = `The text of this ${kind.what} does not say what its signed block says: it was edited or damaged.`;
    throw new FileError('head_mismatch', message);
  }
};

const wrapped = (jws: string): string => {
  const lines: string[] = [];
  for (let index = 0; index < jws.length; index += lineLength) lines.push(jws.slice(index, index + lineLength));
  return lines.join('\n');
};

const asWritten = (file: string): string => {
  const unix = (file.startsWith('\ufeff') ? file.slice(1) : file).replaceAll('\r\n', '\n');
  let length = unix.length;
  while (length > 0 && (unix[length - 1] === '\n' || unix[length - 1] === ' ')) length -= 1;
  return length === 0 ? '' : `${unix.slice(0, length)}\n`;
};

const tooLarge = (kind: FileKind) =>
  new FileError('too_large', `A ${kind.what} has at most ${kind.maxLength} characters.`);

const truncated = (kind: FileKind) =>
  new FileError('truncated', `This ${kind.what} is not complete: its end is missing.`);
