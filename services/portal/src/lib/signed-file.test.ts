import { createRequestFile, createReturnReceipt, generateKey } from '@smartserver/license-document';
import { readReceipt, readRequestFile } from './signed-file.ts';

const device = {
  deviceKey: generateKey(),
  installCode: '0302E1C2A8F40011',
  serial: 12,
  createdAt: new Date('2026-02-20T14:55:00Z'),
  nonce: 'n',
};
const licenseIds = ['3f2504e0-4f89-41d3-9a0c-0305e82c3301'];
const request = createRequestFile({ ...device, segmentName: 'Heizzentrale Süd 日本', softwareVersion: '4.40.012' });
const receipt = createReturnReceipt({ ...device, customerId: '2133c667-af41-4518-94df-a2bb3b775330', licenseIds });

describe('files of a SmartServer are shown before anything is done with them', () => {
  test('a request file says which SmartServer made it, in any script', () => {
    expect(readRequestFile(request)).toEqual({
      installCode: '0302E1C2A8F40011',
      segmentName: 'Heizzentrale Süd 日本',
      softwareVersion: '4.40.012',
      createdAt: '2026-02-20T14:55:00.000Z',
    });
  });

  test('a receipt says what was removed', () => {
    expect(readReceipt(receipt)).toEqual({
      installCode: '0302E1C2A8F40011',
      licenseIds,
      createdAt: '2026-02-20T14:55:00.000Z',
    });
  });

  test('line ends and byte order mark of Windows do no harm', () => {
    expect(readRequestFile(`\ufeff${request.replaceAll('\n', '\r\n')}`)).toEqual(readRequestFile(request));
  });

  test.each([
    ['a receipt where a request is wanted', receipt, 'receipt_file'],
    ['a license file', 'SmartServer license file\n-----BEGIN SMARTSERVER LICENSE-----\n', 'license_file'],
    ['half a file', request.slice(0, request.length - 200), 'incomplete'],
    ['the beginning of a file', request.slice(0, 200), 'incomplete'],
    ['something else', '%PDF-1.7', 'not_this_kind'],
    ['nothing', '', 'not_this_kind'],
    ['a huge file', request + ' '.repeat(16 * 1024), 'too_large'],
    ['a damaged block', request.replace(/(BEGIN[^\n]*\n[^.]*\.)/, '$1!'), 'not_this_kind'],
  ])('%s is distinguished', (_what, text, fault) => {
    expect(readRequestFile(text)).toBe(fault);
  });

  test('a request where a receipt is wanted is distinguished', () => {
    expect(readReceipt(request)).toBe('request_file');
  });
});
