import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacity, capacityId, issuer, maintenance, maintenanceId } from './documents.ts';
import { OfflineBox, type Refusal } from './offline-box.ts';

const vendor = issuer();
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
