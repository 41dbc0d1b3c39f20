import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyReturnReceipt } from '@smartserver/license-document';
import { capacity, capacityId, issuer, maintenance, maintenanceId } from './documents.ts';
import { OfflineBox, type Refusal } from './offline-box.ts';

const vendor = issuer();
/** By this process so far, as Linux counts it. */
const bytesRead = () =>
  existsSync('/proc/self/io') ? Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]) : 0;
let box: OfflineBox;

beforeEach(async () => {
  box = new OfflineBox(vendor);
  expect(await box.init()).toBe(0);
});
afterEach(() => box.remove());

describe('a file is refused with its reason, and the store stays as it was, byte for byte,', () => {
  const stranger = issuer();
  const genuine = vendor.file({ serial: 9 });
  const signatureAt = genuine.lastIndexOf('\n-----END') - 10;
  const flipped =
    genuine.slice(0, signatureAt) + (genuine[signatureAt] === 'A' ? 'B' : 'A') + genuine.slice(signatureAt + 1);

  test.each([
    ['for another controller', vendor.file({ serial: 9, installCode: '0302E1C2A8F40099' }), 'file_wrong_controller'],
    ['of a lower serial', vendor.file({ serial: 4 }), 'file_superseded'],
    [
      'of the same serial that was issued earlier',
      vendor.file({ serial: 5, issuedAt: '2026-02-01T00:00:00.000Z' }),
      'file_superseded',
    ],
    ['of another root', stranger.file({ serial: 9 }), 'file_signature_invalid'],
    ['with a flipped bit in its signature', flipped, 'file_signature_invalid'],
    [
      'whose text says more devices than were signed',
      genuine.replace('devices: 1000', 'devices: 9999'),
      'file_head_mismatch',
    ],
    ['cut in its text', genuine.slice(0, 300), 'file_truncated'],
    ['cut in its signed block', genuine.slice(0, -40), 'file_truncated'],
    ['that is empty', '', 'file_malformed'],
    ['that is something else', 'Dear customer, please find attached', 'file_malformed'],
    ['that is a bare document', vendor.sign({ serial: 9 }), 'file_malformed'],
    ['of another byte encoding', Buffer.from(genuine, 'utf16le'), 'file_malformed'],
    ['that is no text', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 151) % 256)), 'file_malformed'],
    ['that is too large', `${genuine}${' '.repeat(1024 * 1024)}`, 'file_too_large'],
  ])('%s', async (_name, content, code) => {
    await box.add({ serial: 5 });
    const before = box.snapshot();
    const file = box.put(content);
    const { problem } = await box.json<Refusal>('add', file);
    expect(problem.code).toBe(code);
    expect(problem.detail).toContain('Nothing was changed here.');
    expect(await box.cms('add', file)).toBe(1);
    expect(box.err).toContain(problem.title);
    expect(box.err).toContain(problem.advice);
    expect(box.snapshot()).toEqual(before);
  });

  test('of a revoked key, once any later document has stated it, also when it claims to be newer', async () => {
    const own = issuer();
    const other = new OfflineBox(own);
    await other.init();
    const forged = other.put(own.file({ serial: 50, issuedAt: '2026-03-05T00:00:00.000Z' }));
    await other.add({ serial: 5 });
    own.replaceKey();
    await other.add({ serial: 6, issuedAt: '2026-04-02T00:00:00.000Z' });
    // The next document does not carry the statement: it must still be known.
    own.replaceKey({ revoke: false });
    await other.add({ serial: 7, issuedAt: '2026-04-03T00:00:00.000Z' });
    const before = other.snapshot();
    expect(await other.refusal('add', forged)).toBe('file_key_revoked');
    expect(other.snapshot()).toEqual(before);
    expect(await other.held()).toEqual([capacityId]);
    other.remove();
  });

  test('of a stolen key: its serial out of all reach does not shut out the documents that revoke it', async () => {
    const own = issuer();
    const other = new OfflineBox(own);
    await other.init();
    await other.add({ serial: 5, licenses: [capacity, maintenance] });
    const beforeTheft = own.file({ serial: 6 });
    const stolen = { serial: 9_000_000, issuedAt: '2039-12-31T00:00:00.000Z', licenses: [capacity, maintenance] };
    const stolenJws = own.sign(stolen);
    await other.add(stolen);
    await other.cms('return', '--offline', capacityId, '--yes', '--out', join(other.stick, 'r.ret'));
    expect(await other.refusal('add', other.put(beforeTheft))).toBe('file_superseded');

    own.replaceKey();
    expect(
      await other.add({ serial: 7, issuedAt: '2026-04-02T00:00:00.000Z', licenses: [capacity, maintenance] }),
    ).toBe(0);
    // Neither the serial of the thief nor the time he set counts any more; what was returned is gone nevertheless.
    expect(await other.json('licenses')).toMatchObject({
      serial: 7,
      judgedAt: '2026-04-02T00:00:00.000Z',
      items: [{ licenseId: maintenanceId, status: 'active' }],
    });
    expect(await other.refusal('add', other.put(beforeTheft))).toBe('file_key_revoked');
    // Not even when his document is still, or again, in the folder.
    const leftOver = join(other.folder, 'license-documents', '0000000009000000.jws');
    writeFileSync(leftOver, stolenJws);
    expect(await other.json('licenses')).toMatchObject({ serial: 7, judgedAt: '2026-04-02T00:00:00.000Z' });
    await other.cms('request', '--out', join(other.stick, 'r.req'), '--json');
    expect(JSON.parse(other.out)).toMatchObject({ serial: 7 });
    expect(await other.cms('return', '--offline', capacityId, '--out', join(other.stick, 'r.ret'))).toBe(0);
    expect(verifyReturnReceipt(readFileSync(join(other.stick, 'r.ret'), 'utf8')).serial).toBe(8);
    other.remove();
  });

  test('before anything was stored, too', async () => {
    const before = box.snapshot();
    expect(await box.refusal('add', box.put(stranger.file({ serial: 9 })))).toBe('file_signature_invalid');
    expect(box.snapshot()).toEqual(before);
  });
});

describe('reading is bounded:', () => {
  test('of a file of 8 GiB not more is read than a license file can have, and it is refused for its size', async () => {
    const path = box.put(vendor.file({ serial: 3 }));
    truncateSync(path, 8 * 1024 ** 3);
    const before = bytesRead();
    expect(await box.refusal('add', path)).toBe('file_too_large');
    expect(bytesRead() - before).toBeLessThan(2 * 1024 ** 2);
  });

  test.each([
    ['a pipe without a writer', (path: string) => execFileSync('mkfifo', [path]), 'file_unreadable'],
    ['a folder', (path: string) => execFileSync('mkdir', [path]), 'file_unreadable'],
    ['a device without end', (path: string) => execFileSync('ln', ['-s', '/dev/zero', path]), 'file_unreadable'],
    ['nothing', () => undefined, 'file_not_found'],
  ])('%s is not waited for', async (_name, make, code) => {
    const path = join(box.stick, 'odd.lic');
    make(path);
    expect(await box.refusal('add', path)).toBe(code);
  });
});
