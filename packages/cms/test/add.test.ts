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

describe('a genuine license file', () => {
  test('is verified with the root key alone and stored, and its licenses are shown', async () => {
    expect(await box.add({ serial: 3, licenses: [capacity, maintenance] })).toBe(0);
    expect(box.out).toContain('genuine and for this SmartServer. License document 3 is verified and stored');
    expect(box.out).toMatch(new RegExp(`Maintenance, 1000 devices +active .+2029-03-01 12:00 UTC +${maintenanceId}`));
    expect(await box.cms('licenses')).toBe(0);
    expect(box.out).toMatch(new RegExp(`Building 1 \\(0302E1C2A8F40011\\) +Device capacity.+active.+${capacityId}`));
    expect(box.err).toBe('');
    expect(await box.cms('verify')).toBe(0);
    expect(box.out).toContain('The license document is genuine.');
    expect(box.out).toContain(maintenanceId);
  });

  test('that is added twice is said to be there already, and nothing is written', async () => {
    await box.add({ serial: 3 });
    const before = box.snapshot();
    expect(await box.add({ serial: 3 })).toBe(0);
    expect(box.out).toContain('This license file was added before.');
    expect(await box.json('add', box.put(vendor.file({ serial: 3 })))).toMatchObject({ isNew: false, serial: 3 });
    expect(box.snapshot()).toEqual(before);
  });

  test('that is newer takes the place of what was there', async () => {
    await box.add({ serial: 3 });
    expect(await box.json('add', box.put(vendor.file({ serial: 8, licenses: [maintenance] })))).toMatchObject({
      isNew: true,
      serial: 8,
      licenses: [{ licenseId: maintenanceId, status: 'active' }],
    });
    expect(await box.held()).toEqual([maintenanceId]);
  });

  test.each([
    ['with line ends of Windows', (file: string) => file.replaceAll('\n', '\r\n')],
    ['with a byte order mark', (file: string) => `\ufeff${file}`],
    ['with blank lines at its end', (file: string) => `${file}\n\n`],
  ])('%s, as mail and editors leave it, is taken', async (_name, change) => {
    expect(await box.cms('add', box.put(change(vendor.file({ serial: 3 }))))).toBe(0);
  });

  test('comes back after a factory reset that wiped the store: the same file again', async () => {
    const file = box.put(vendor.file({ serial: 3 }));
    await box.cms('add', file);
    const wiped = new OfflineBox(vendor);
    await wiped.init();
    expect(await wiped.cms('add', file)).toBe(0);
    expect(await wiped.held()).toEqual([capacityId]);
    wiped.remove();
  });
});

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

describe('the clock of the SmartServer', () => {
  test('that is behind the issue of the file is no reason to refuse it: the Owner is warned, and the time of issue counts', async () => {
    box.now = new Date('1970-01-01T00:00:00Z');
    const file = box.put(
      vendor.file({ serial: 3, issuedAt: '2029-03-02T00:00:00.000Z', licenses: [capacity, maintenance] }),
    );
    expect(await box.cms('add', file)).toBe(0);
    expect(box.err).toMatch(/the clock of this SmartServer is at least \d+ days behind/);
    expect(box.out).toMatch(/Maintenance.+expired/);
    expect(box.out).toMatch(/Device capacity.+active/);
    const { judgedAt } = await box.json<{ judgedAt: string }>('licenses');
    expect(judgedAt).toBe('2029-03-02T00:00:00.000Z');
  });

  test('that is five minutes behind is not worth a word', async () => {
    box.now = new Date('2026-03-01T11:55:00.000Z');
    await box.add({ serial: 3 });
    expect(box.err).toBe('');
  });

  test('that is ten years ahead does not lock a file out, and its error is gone when it is set right', async () => {
    box.now = new Date('2036-03-01T12:00:00.000Z');
    expect(await box.json('add', box.put(vendor.file({ serial: 3, licenses: [maintenance] })))).toMatchObject({
      licenses: [{ status: 'expired' }],
    });
    box.now = new Date('2026-03-02T12:00:00.000Z');
    expect(await box.json('licenses')).toMatchObject({ items: [{ status: 'active' }] });
  });

  test('does not go back below a time of issue that was seen, even when the newest document is of an earlier one', async () => {
    await box.add({ serial: 3, issuedAt: '2029-03-01T12:04:00.000Z', licenses: [maintenance] });
    await box.add({ serial: 4, issuedAt: '2029-03-01T11:59:00.000Z', licenses: [maintenance] });
    await box.add({ serial: 5, issuedAt: '2029-03-01T11:59:30.000Z', licenses: [maintenance] });
    box.now = new Date('2026-03-01T12:00:00.000Z');
    expect(await box.json('licenses')).toMatchObject({
      judgedAt: '2029-03-01T12:04:00.000Z',
      items: [{ status: 'expired' }],
    });
    // What proves no more than a newer document is not kept.
    await box.add({ serial: 6, issuedAt: '2029-03-01T12:05:00.000Z', licenses: [maintenance] });
    expect(box.snapshot().filter((file) => file.includes('.jws'))).toHaveLength(1);
  });
});

describe('a SmartServer without network', () => {
  test('is set up with the root key of its firmware, and keeps its device key when set up again', async () => {
    expect(box.out).toContain('This SmartServer is set up. It needs no network.');
    const key = () => /Device key: +(.+)/.exec(box.out)?.[1];
    const first = key();
    expect(first).toMatch(/^([0-9A-F]{4} ){15}[0-9A-F]{4}$/);
    expect(await box.cms('init', '--segment-name', 'Building 2')).toBe(0);
    expect(key()).toBe(first);
    expect(box.out).toContain('Building 2');
  });

  test.each([
    ['without an install code', ['--root-key', 'root.pem'], 2],
    ['without a root key', ['--install-code', '0302E1C2A8F40011'], 2],
    ['with a root key that is not there', ['--install-code', '0302E1C2A8F40011', '--root-key', 'nowhere.pem'], 1],
  ])('is not set up %s', async (_name, args, code) => {
    const fresh = box.besides('fresh');
    expect(await box.cms('init', '--folder', fresh, ...args)).toBe(code);
    expect(await box.refusal('add', 'any.lic', '--folder', fresh)).toBe('not_linked');
  });

  test('does not become another one', async () => {
    expect(await box.refusal('init', '--install-code', '0302E1C2A8F40099')).toBe('other_smartserver');
  });

  test('a private key in the place of the root key is refused', async () => {
    const path = join(box.stick, 'private.pem');
    writeFileSync(path, '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAA\n-----END PRIVATE KEY-----\n');
    expect(await box.refusal('init', '--root-key', path)).toBe('root_key_invalid');
  });

  test.each([['available'], ['download', '--all'], ['return', '--all', '--yes']])(
    'says so to %s',
    async (...command) => {
      const { problem } = await box.json<Refusal>(...command);
      expect(problem).toMatchObject({ code: 'not_linked', detail: 'It was set up for use without network.' });
    },
  );
});
