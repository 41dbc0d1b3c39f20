import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, verifyRequestFile, verifyReturnReceipt } from '@smartserver/license-document';
import { requireDeviceKey } from '../src/index.ts';
import { capacity, capacityId, customerId, installCode, issuer, maintenance, maintenanceId } from './documents.ts';
import { OfflineBox, type Refusal } from './offline-box.ts';

const vendor = issuer();
const both = [capacity, maintenance];
let box: OfflineBox;
let receipt: string;
let nowhere: string;

const read = (path = receipt) => readFileSync(path, 'utf8');
const returned = (...args: string[]) => box.cms('return', '--offline', '--out', receipt, ...args);

beforeEach(async () => {
  box = new OfflineBox(vendor);
  receipt = join(box.stick, 'receipt.ret');
  nowhere = join(box.stick, 'no-such-folder', 'receipt.ret');
  await box.init();
  await box.cms('request', '--out', join(box.stick, 'first.req'));
  await box.add({ serial: 5, licenses: both });
});
afterEach(() => box.remove());

describe('a request file', () => {
  test('says what this SmartServer is and has, and is signed by its device key', async () => {
    const path = join(box.stick, 'box.req');
    expect(await box.cms('request', '--out', path)).toBe(0);
    const request = verifyRequestFile(read(path));
    const segment = { segmentName: 'Building 1', softwareVersion: '4.40.012' };
    expect(request).toMatchObject({ installCode, customerId, ...segment, serial: 5, createdAt: box.now });
    expect(box.out).toContain(fingerprint(await requireDeviceKey(box.folder)));
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(read(path)).not.toContain('PRIVATE');
  });

  test('of a SmartServer that has nothing yet names no customer and serial 0; the next one is another one', async () => {
    const fresh = new OfflineBox(vendor);
    await fresh.init();
    const paths = [join(fresh.stick, '1.req'), join(fresh.stick, '2.req')];
    for (const path of paths) expect(await fresh.cms('request', '--out', path)).toBe(0);
    const [first, second] = paths.map((path) => verifyRequestFile(read(path)));
    expect(first).toMatchObject({ customerId: null, serial: 0 });
    expect(second?.nonce).not.toBe(first?.nonce);
    fresh.remove();
  });

  test('is never dated before the newest license document, and states the serial of a return', async () => {
    await returned(capacityId);
    box.now = new Date('1970-01-01T00:00:00Z');
    const path = join(box.stick, 'box.req');
    await box.cms('request', '--out', path);
    expect(verifyRequestFile(read(path))).toMatchObject({ serial: 6, createdAt: new Date('2026-03-01T12:00:00.000Z') });
  });
});

describe('return --offline', () => {
  test('removes the license for good and writes a receipt that the device key signs', async () => {
    expect(await returned(capacityId)).toBe(0);
    expect(box.out).toContain(`1 license removed from ${installCode}: 1 license left.`);
    expect(box.questions).toEqual([]);
    expect(await box.held()).toEqual([maintenanceId]);
    const proof = { installCode, customerId, licenseIds: [capacityId], serial: 6, createdAt: box.now };
    expect(verifyReturnReceipt(read())).toMatchObject(proof);
    await box.cms('verify');
    expect(box.out).not.toMatch(new RegExp(`Device capacity.+${capacityId}`));
    expect(box.out).toContain(`${capacityId} (receipt 6)`);
    expect(await box.json('licenses')).toMatchObject({
      returnedOffline: [{ serial: 6, licenseIds: [capacityId], answered: false }],
    });
  });

  test('once more gives the same receipt, byte for byte, as often as it is asked, and changes nothing', async () => {
    await returned(capacityId);
    const first = read();
    const before = box.snapshot();
    for (const days of [1, 400]) {
      box.now = new Date(box.now.getTime() + days * 86_400_000);
      rmSync(receipt);
      expect(await returned(capacityId)).toBe(0);
      expect(read()).toBe(first);
      expect(box.out).toContain('The same receipt');
    }
    expect(box.snapshot()).toEqual(before);
  });

  test('of all asks first, leaves nothing, and once more gives the same receipt without asking', async () => {
    box.answer = true;
    expect(await returned('--all')).toBe(0);
    expect(box.questions).toHaveLength(1);
    expect(await box.held()).toEqual([]);
    const first = read();
    expect(verifyReturnReceipt(first).licenseIds).toEqual([capacityId, maintenanceId]);
    rmSync(receipt);
    expect(await returned('--all')).toBe(0);
    expect(box.questions).toHaveLength(1);
    expect(read()).toBe(first);
  });

  test.each([
    ['no', false, 'not_confirmed'],
    ['that there is no terminal to ask on', null, 'confirmation_needed'],
  ])('of all removes nothing when the answer is %s', async (_name, answer, code) => {
    box.answer = answer;
    const before = box.snapshot();
    expect(await box.refusal('return', '--offline', '--all', '--out', receipt)).toBe(code);
    expect(box.snapshot()).toEqual(before);
    expect(() => read()).toThrow('ENOENT');
  });

  test('of the second license makes another receipt of a higher serial; each comes again by its License ID', async () => {
    await returned(capacityId);
    const first = read();
    expect(await returned(maintenanceId, '--yes')).toBe(0);
    const second = read();
    expect(verifyReturnReceipt(second)).toMatchObject({ licenseIds: [maintenanceId], serial: 7 });
    await returned(capacityId);
    expect(read()).toBe(first);
    await returned('--all');
    expect(read()).toBe(second);
    expect(await box.refusal('return', '--offline', '--out', receipt, capacityId, maintenanceId)).toBe(
      'license_returned',
    );
  });

  test('does not mix a license that is here with one that was returned: nothing is removed', async () => {
    await returned(capacityId);
    const before = box.snapshot();
    const { problem } = await box.json<Refusal>(
      'return',
      '--offline',
      '--out',
      receipt,
      capacityId,
      maintenanceId,
      '--yes',
    );
    expect(problem).toMatchObject({ code: 'license_returned', items: [`License ${capacityId} was returned before`] });
    expect(box.snapshot()).toEqual(before);
  });

  test('of a license that was never here is refused, also next to one that is', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    const before = box.snapshot();
    expect(await box.refusal('return', '--offline', capacityId, unknown)).toBe('license_not_on_controller');
    expect(box.snapshot()).toEqual(before);
  });

  test('asks first when the cloud can never have heard of the device key', async () => {
    const silent = new OfflineBox(vendor);
    await silent.init();
    await silent.add({ serial: 5, licenses: both });
    silent.answer = false;
    const before = silent.snapshot();
    expect(await silent.refusal('return', '--offline', capacityId)).toBe('not_confirmed');
    expect(silent.questions[0]).toContain('device key');
    expect(silent.snapshot()).toEqual(before);
    silent.answer = true;
    expect(await silent.cms('return', '--offline', '--out', join(silent.stick, 'r.ret'), capacityId)).toBe(0);
    silent.remove();
  });

  test('takes at most 500 licenses into one receipt, and says so before anything is removed', async () => {
    const many = Array.from({ length: 501 }, (_, index) => {
      const licenseId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
      return { ...capacity, licenseId };
    });
    await box.add({ serial: 6, licenses: many });
    expect(await box.refusal('return', '--offline', '--all', '--yes', '--out', receipt)).toBe('too_many_licenses');
    const ids = many.slice(0, 500).map(({ licenseId }) => licenseId);
    expect(await returned(...ids)).toBe(0);
    expect(await box.held()).toHaveLength(1);
  });
});

describe('where the receipt cannot be written', () => {
  test.each([
    ['no such folder', () => nowhere],
    ['a folder', () => box.besides('folder')],
    ['a device', () => '/dev/null'],
    [
      'a link',
      () => {
        symlinkSync(receipt, join(box.stick, 'link.ret'));
        return join(box.stick, 'link.ret');
      },
    ],
  ])('%s: nothing is removed', async (_name, make) => {
    const path = make();
    const before = box.snapshot();
    expect(await box.refusal('return', '--offline', capacityId, '--out', path)).toBe('out_unusable');
    expect(await box.refusal('request', '--out', path)).toBe('out_unusable');
    expect(box.snapshot()).toEqual(before);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('a file that is there is replaced, whole', async () => {
    writeFileSync(receipt, 'an old one');
    expect(await returned(capacityId)).toBe(0);
    expect(verifyReturnReceipt(read()).licenseIds).toEqual([capacityId]);
  });
});

describe('without its device key', () => {
  test.each([['request'], ['return', '--offline', capacityId]])(
    '%s is refused and nothing is removed',
    async (...command) => {
      rmSync(join(box.folder, 'device-key.pem'));
      const before = box.snapshot();
      expect(await box.refusal(...command, '--out', receipt)).toBe('device_key_missing');
      expect(box.snapshot()).toEqual(before);
    },
  );
});

describe('wrong use', () => {
  test.each([
    ['add without a file', ['add']],
    ['add with two files', ['add', 'a.lic', 'b.lic']],
    ['add with all', ['add', '--all']],
    ['--offline with another command', ['download', capacityId, '--offline']],
    ['--out with another command', ['licenses', '--out', 'x']],
    ['--out with a return through the network', ['return', capacityId, '--out', 'x']],
    ['--out without a name', ['request', '--out', '']],
    ['return --offline of nothing', ['return', '--offline']],
    ['a segment name that is too long', ['init', '--segment-name', 'x'.repeat(101)]],
    ['a version with a control character', ['init', '--software-version', '4.4\u0007']],
  ])('%s gives exit code 2 and the usage', async (_name, args) => {
    expect(await box.cms(...args)).toBe(2);
    expect(box.err).toContain('Usage: npm run cms');
  });
});
