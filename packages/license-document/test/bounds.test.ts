import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  FileError,
  maxLicenseFileLength,
  maxRequestFileLength,
  maxReturnReceiptLength,
  readLicenseFile,
  verifyDocument,
  verifyRequestFile,
  verifyReturnReceipt,
  writeLicenseFile,
} from '../src/index.ts';
import { outcome, rootPublicKey, sample, signer } from './support.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use after a collection: heap and buffers. */
const bytesInUse = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const documentOf = (count: number) => {
  const [capacity] = sample.licenses;
  const licenses = Array.from({ length: count }, (_, index) => {
    return { ...capacity, licenseId: `0d6c9b1e-5c1f-4d43-9a55-${index.toString(16).padStart(12, '0')}` };
  });
  return { ...sample, licenses } as typeof sample;
};

test('verifying takes constant memory: nothing is left after thousands of files, genuine and not', () => {
  const file = writeLicenseFile({ jws: signer.sign(documentOf(20)) });
  const verify = (serial: number) => {
    // Another text each time, so that nothing could be kept by its text either.
    const text = writeLicenseFile({ jws: signer.sign({ ...sample, serial }) });
    expect(outcome(() => verifyDocument(readLicenseFile(text).jws, { rootPublicKey }))).toBe('accepted');
    expect(outcome(() => readLicenseFile(file.replace('1000', String(serial))))).toBe('head_mismatch');
  };
  for (let serial = 2000; serial < 2200; serial += 1) verify(serial);
  const before = bytesInUse();
  for (let serial = 2200; serial < 4200; serial += 1) verify(serial);
  expect((bytesInUse() - before) / 2000).toBeLessThan(500);
});

describe('files of any size are refused before they are looked at', () => {
  test.each([
    ['.lic', maxLicenseFileLength, readLicenseFile],
    ['.req', maxRequestFileLength, verifyRequestFile],
    ['.ret', maxReturnReceiptLength, verifyReturnReceipt],
  ])('%s', (_kind, limit, read) => {
    const attempt = (text: string) => outcome(() => read(text));
    expect(attempt('A'.repeat(limit))).toBe('malformed');
    expect(attempt('A'.repeat(limit + 1))).toBe('too_large');
    const before = bytesInUse();
    // A rope of V8: it takes memory only if it is read.
    const huge = 'A'.repeat(500_000_000);
    expect(attempt(huge)).toBe('too_large');
    expect(bytesInUse() - before).toBeLessThan(1_000_000);
  });

  test('a file that would be too large to be read is not written', () => {
    expect(readLicenseFile(writeLicenseFile({ jws: signer.sign(documentOf(2500)) })).jws).not.toBe('');
    expect(() => writeLicenseFile({ jws: signer.sign(documentOf(4500)) })).toThrow(FileError);
  });
});

test.each([
  ['line ends', '\r\n'.repeat(500_000)],
  ['blank space', ' '.repeat(1_000_000)],
  ['beginnings of blocks', '\n-----BEGIN SMARTSERVER LICENSE-----\n'.repeat(27_000)],
  ['ends of blocks', '\n-----END SMARTSERVER LICENSE-----\n'.repeat(29_000)],
  ['dots', '.'.repeat(1_000_000)],
  ['nesting', '[{"a":'.repeat(160_000)],
])('a megabyte of %s is refused in little time', (_what, text) => {
  const begin = performance.now();
  expect(['malformed', 'truncated']).toContain(outcome(() => readLicenseFile(text)));
  expect(['malformed', 'truncated']).toContain(
    outcome(() => readLicenseFile(`SmartServer license file, format 1\n${text}`)),
  );
  // What grows with the square of the length would take minutes.
  expect(performance.now() - begin).toBeLessThan(5_000);
});

test.each([[undefined], [null], [7], [{}], [[]], [Buffer.from('x')]])('%p is no file', (value) => {
  for (const read of [readLicenseFile, verifyRequestFile, verifyReturnReceipt]) {
    expect(outcome(() => read(value as string))).toBe('malformed');
  }
});
