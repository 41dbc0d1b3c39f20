import { FileError, maxLicenseFileLength, readLicenseFile } from '@smartserver/license-document';
import { readGivenFile } from '../../folder/given-file.ts';
import { refusedFile } from '../../problem.ts';
import { type Command, settingsOf, storedLicenses, storeOf, timeHere } from '../command.ts';
import { countLicenses } from '../text.ts';
import { licensesTable, unansweredText, withStatus } from '../views.ts';

// The limit counts characters, all of which are ASCII; a byte order mark is one, in three bytes.
const atMostBytes = maxLicenseFileLength + 3;

/**
 * Adds the licenses of a license file, without network: verifies it with the pinned root key, refuses what is not genuine, not
 * for this SmartServer, or superseded, and stores it. A clock that is behind the file's time of issue is no reason to refuse it:
 * it is the clock that lies.
 */
export const add: Command<{ file: string }> = async (invocation) => {
  const settings = await settingsOf(invocation);
  const text = await readGivenFile(invocation.options.file, atMostBytes);
  const { document, isNew } = await storeOf(invocation).addFile(readJws(text), settings);
  const found = await storedLicenses(invocation, settings);
  const { now, behindSeconds } = timeHere(invocation, found.stored.newestIssuedAt);
  const licenses = withStatus(found.licenses, now);
  const { installCode, customerId, serial } = document;
  const lines = [
    isNew
      ? `The license file is genuine and for this SmartServer. License document ${serial} is verified and stored.`
      : 'This license file was added before. It is genuine, and nothing was changed.',
    `${countLicenses(licenses.length)} on ${installCode}${licenses.length === 0 ? '.' : ':'}`,
    ...(licenses.length === 0 ? [] : ['', licensesTable(licenses)]),
    ...unansweredText(found),
  ];
  const json = { installCode, customerId, serial, isNew, licenses, clockBehindSeconds: behindSeconds };
  return { json, text: lines.join('\n') };
};

const readJws = (text: string): string => {
  try {
    return readLicenseFile(text).jws;
  } catch (error) {
    if (error instanceof FileError) throw refusedFile(error);
    throw error;
  }
};
