import { simpleParser } from 'mailparser';

/** What a mail server reports of an e-mail that it could not deliver for good (RFC 3464). */
export type PermanentFailure = {
  /** Message-ID of the e-mail, with its angle brackets. */
  messageId: string;
  /** The mailbox does not exist, or takes nothing from anybody: it never will (RFC 3463, 5.1.x and 5.2.1). */
  addressIsDead: boolean;
  /** In the server's words, on one line. */
  reason: string;
};

const DEAD_ADDRESS = /^5\.(1\.\d+|2\.1)$/;
const MAX_REASON = 300;

/**
 * Reads a report as it comes back to the sender of an e-mail.
 * @returns null for any other e-mail: a delay, an automatic reply, a person
 */
export const readDeliveryReport = async (source: Buffer): Promise<PermanentFailure | null> => {
  const { attachments } = await simpleParser(source, { keepDeliveryStatus: true, skipImageLinks: true });
  const partOf = (type: RegExp) => attachments.find(({ contentType }) => type.test(contentType))?.content.toString();
  const report = partOf(/^message\/delivery-status$/i);
  const original = partOf(/^(message\/rfc822|text\/rfc822-headers|message\/global(-headers)?)$/i);
  if (report === undefined || original === undefined) return null;
  const [messageId] = /<[^<>\s]+>/.exec(headersOf(original).get('message-id') ?? '') ?? [];
  // Ours go to one recipient each: the first block is of the message, the second of the recipient.
  const recipient = blocksOf(report)
    .map(headersOf)
    .find((headers) => headers.has('action'));
  const status = recipient?.get('status') ?? '';
  if (messageId === undefined || recipient?.get('action')?.toLowerCase() !== 'failed' || !status.startsWith('5.'))
    return null;
  const diagnostic = (recipient.get('diagnostic-code') ?? '').replace(/^[^;]*;/, '');
  const reason = `${status} ${diagnostic}`.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return { messageId, addressIsDead: DEAD_ADDRESS.test(status), reason: reason.slice(0, MAX_REASON) };
};

const blocksOf = (text: string): string[] =>
  text
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n{2,}/);

/** Of the first block, names in lower case, continuation lines joined. */
const headersOf = (text: string): Map<string, string> => {
  const [block = ''] = blocksOf(text);
  const lines = block.replace(/\n[ \t]+/g, ' ').split('\n');
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
};
