import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyReturnReceipt } from '@smartserver/license-document';
import { LicenseStore, requireDeviceKey } from '../src/index.ts';
import { capacity, capacityId, installCode, issuer, maintenance, maintenanceId } from './documents.ts';
import { OfflineBox, type Refusal } from './offline-box.ts';

const vendor = issuer();
const both = [capacity, maintenance];
const reactivated = { ...capacity, activatedAt: '2026-06-01T00:00:00.000Z' };
let box: OfflineBox;
let receipt: string;

const read = (path = receipt) => readFileSync(path, 'utf8');
const returned = (...args: string[]) => box.cms('return', '--offline', '--out', receipt, ...args);

beforeEach(async () => {
  box = new OfflineBox(vendor);
  receipt = join(box.stick, 'receipt.ret');
  await box.init();
  await box.cms('request', '--out', join(box.stick, 'first.req'));
  await box.add({ serial: 5, licenses: both });
});
afterEach(() => box.remove());

describe('what was returned offline does not come back', () => {
  test('with its old file, whichever is left, also after the folder of documents was lost', async () => {
    await returned(capacityId);
    for (const serial of [5, 6]) {
      const before = box.snapshot();
      const { problem } = await box.json<Refusal>('add', box.put(vendor.file({ serial, licenses: both })));
      expect(problem.code).toBe('file_superseded');
      expect(problem.advice).toContain('Upload the receipt');
      expect(box.snapshot()).toEqual(before);
    }
    rmSync(join(box.folder, 'license-documents'), { recursive: true });
    expect(await box.refusal('add', box.put(vendor.file({ serial: 5, licenses: both })))).toBe('file_superseded');
  });

  test('with a newer file that the cloud made before it had the receipt; what else is in it is taken', async () => {
    await returned(capacityId);
    const more = { ...capacity, licenseId: '00000000-0000-4000-8000-000000000001' };
    expect(await box.add({ serial: 7, licenses: [...both, more] })).toBe(0);
    expect(box.out).toContain(`${capacityId} (receipt 6 is from before the newest document`);
    expect(await box.held()).toEqual([maintenanceId, more.licenseId]);
  });

  test('with such a file, which takes a receipt that rules it out, too: the next one does, without a question', async () => {
    box.answer = true;
    await returned('--all');
    const first = read();
    await box.add({ serial: 9, licenses: both });
    expect(await box.held()).toEqual([]);
    for (const which of [[capacityId, maintenanceId], ['--all']]) {
      expect(await returned(...which)).toBe(0);
      expect(read()).not.toBe(first);
      expect(verifyReturnReceipt(read())).toMatchObject({ licenseIds: [capacityId, maintenanceId], serial: 10 });
    }
    expect(box.questions).toHaveLength(1);
    expect(await box.add({ serial: 10, licenses: both })).toBe(1);
    expect(await box.held()).toEqual([]);
  });

  test('after it was suspended and reinstated, which takes it out of the document and puts it back', async () => {
    await returned(capacityId);
    await box.add({ serial: 7, licenses: [maintenance] });
    await box.add({ serial: 8, licenses: both });
    expect(await box.held()).toEqual([maintenanceId]);
  });

  test('but is here again once it was activated here again, and then makes another receipt', async () => {
    await returned(capacityId);
    const first = read();
    await box.add({ serial: 8, licenses: [reactivated, maintenance] });
    expect(await box.held()).toEqual([capacityId, maintenanceId]);
    expect(await box.json('licenses')).toMatchObject({ returnedOffline: [{ serial: 6, answered: true }] });
    await returned(capacityId);
    expect(read()).not.toBe(first);
    expect(verifyReturnReceipt(read())).toMatchObject({ licenseIds: [capacityId], serial: 9 });
  });

  test('and --all on an empty SmartServer says so once the cloud knows', async () => {
    await returned('--all', '--yes');
    await box.add({ serial: 8, licenses: [] });
    expect(await box.refusal('return', '--offline', '--all', '--out', receipt)).toBe('license_not_on_controller');
    // By its License ID the receipt can still be had: handing it in again does no harm.
    expect(await returned(capacityId)).toBe(0);
  });

  test.each([
    ['cut short', (text: string) => text.slice(0, -20)],
    [
      'with another license',
      (text: string) => text.replace(`"licenseId": "${capacityId}"`, `"licenseId": "${maintenanceId}"`),
    ],
    ['with no date', (text: string) => text.replace(/"activatedAt": "[^"]+"/, '"activatedAt": "later"')],
    ['with an altered receipt', (text: string) => text.replace('Serial:       6', 'Serial:       7')],
    ['emptied', () => ''],
  ])('when the record of it is %s: nothing here is used until it is restored', async (_name, damage) => {
    await returned(capacityId);
    const [path = ''] = box
      .snapshot()
      .filter((file) => file.includes('offline-returns'))
      .map((file) => file.split(' ')[0] ?? '');
    const whole = read(path);
    expect(damage(whole)).not.toBe(whole);
    writeFileSync(path, damage(whole));
    expect(await box.refusal('licenses')).toBe('return_record_damaged');
    expect(await box.refusal('verify')).toBe('return_record_damaged');
    expect(await box.refusal('add', box.put(vendor.file({ serial: 6, licenses: both })))).toBe('file_superseded');
    writeFileSync(path, whole);
    expect(await box.held()).toEqual([maintenanceId]);
  });

  test('when two programs return at once: each has its receipt, and both licenses are gone', async () => {
    const trust = { rootPublicKey: vendor.rootPublicKey, installCode };
    const deviceKey = await requireDeviceKey(box.folder);
    const stores = [new LicenseStore(box.folder), new LicenseStore(box.folder)];
    const found = await Promise.all(stores.map((store) => store.read(trust)));
    const receipts = await Promise.all(
      both.map((license, index) => {
        const [store, seen] = [stores[index], found[index]];
        if (!store || !seen) throw new Error('nothing stored');
        return store.remove(seen, [license], trust, { deviceKey, createdAt: box.now, nonce: box.machine.uuid() });
      }),
    );
    expect(new Set(receipts.map(({ receipt: text }) => text)).size).toBe(2);
    expect(await box.held()).toEqual([]);
  });
});

test('a damaged document is healed by the same document, also after a return: what was returned stays away', async () => {
  await returned(capacityId);
  const file = box.put(vendor.file({ serial: 5, licenses: both }));
  writeFileSync(join(box.folder, 'license-documents', '0000000000000005.jws'), 'damaged');
  expect(await box.refusal('licenses')).toBe('document_malformed');
  expect(await box.cms('add', file)).toBe(0);
  expect(await box.held()).toEqual([maintenanceId]);
});
