import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { verifyReturnReceipt } from '@smartserver/license-document';
import { buildCms, type Ending, hasNamespaces, runBuilt } from './built.ts';
import { capacity, capacityId, installCode, issuer, maintenance, maintenanceId } from './documents.ts';
import { OfflineBox } from './offline-box.ts';

const vendor = issuer();
const both = [capacity, maintenance];
let box: OfflineBox;
let receipt: string;

beforeAll(buildCms, 120_000);
beforeEach(async () => {
  box = new OfflineBox(vendor);
  receipt = join(box.stick, 'receipt.ret');
  await box.init();
  await box.cms('request', '--out', join(box.stick, 'first.req'));
  await box.add({ serial: 5, licenses: both });
});
afterEach(() => box.remove());

const receiptsOnStick = () =>
  readdirSync(box.stick).filter((name) => readFileSync(join(box.stick, name), 'utf8').includes('RETURN RECEIPT-----'));
const files = () => box.snapshot().filter((file) => !file.includes('.tmp '));

/**
 * Runs a command again and again on the same state, each time failing at the next step of its file work, until it has no step
 * left. @returns how many steps it had
 */
const atEachStep = async (args: string[], fault: string, check: (ending: Ending) => Promise<void>): Promise<number> => {
  const [folder, stick] = [join(box.besides('before'), 'folder'), join(box.besides('before'), 'stick')];
  cpSync(box.folder, folder, { recursive: true });
  cpSync(box.stick, stick, { recursive: true });
  for (let step = 1; ; step += 1) {
    for (const [from, to] of [
      [folder, box.folder],
      [stick, box.stick],
    ] as const) {
      rmSync(to, { recursive: true });
      cpSync(from, to, { recursive: true });
    }
    const env = { FAIL_AT: String(step), FAIL_WITH: fault };
    const ending = runBuilt([...args, '--folder', box.folder], { env, preload: 'fail-at.mjs' });
    if (ending.status === 0 && !ending.err) return step - 1;
    await check(ending);
  }
};

describe.each([
  ['killed', '', null],
  ['refused by a full disk', 'ENOSPC', 1],
  ['refused by a broken disk', 'EIO', 1],
])('%s at any step of its file work,', (_name, fault, status) => {
  const failedAsMeant = (ending: Ending) => {
    expect(ending.status).toBe(status);
    if (status === null) expect(ending.signal).toBe('SIGKILL');
    else expect(ending.err).toMatch(/cannot be (used|written)[\s\S]*\((ENOSPC|EIO)\)/);
  };

  test('return --offline leaves the license either here, without a receipt outside, or removed; the same command then gives the one receipt', async () => {
    const made = new Set<number>();
    const command = ['return', '--offline', capacityId, '--out', receipt];
    const steps = await atEachStep(command, fault, async (ending) => {
      failedAsMeant(ending);
      const held = await box.held();
      expect([[maintenanceId], [capacityId, maintenanceId]]).toContainEqual(held);
      const removed = !held.includes(capacityId);
      made.add(removed ? 1 : 0);
      if (!removed) expect(receiptsOnStick()).toEqual([]);
      if (existsSync(receipt)) expect(removed).toBe(true);
      // Until it is removed, the old file is the same as the stored one; from then on it is superseded.
      expect(await box.refusal('add', box.put(vendor.file({ serial: 5, licenses: both })))).toBe(
        removed ? 'file_superseded' : null,
      );

      expect(await box.cms(...command)).toBe(0);
      const first = readFileSync(receipt, 'utf8');
      expect(verifyReturnReceipt(first)).toMatchObject({ installCode, licenseIds: [capacityId], serial: 6 });
      expect(await box.held()).toEqual([maintenanceId]);
      expect(await box.cms(...command)).toBe(0);
      expect(readFileSync(receipt, 'utf8')).toBe(first);
      expect(files().filter((file) => file.includes('offline-returns'))).toHaveLength(1);
    });
    expect(steps).toBeGreaterThanOrEqual(8);
    // Some of the steps lie before the removal, others after it.
    expect(made).toEqual(new Set([0, 1]));
  }, 120_000);

  test('add leaves the old document or the new one, whole; the same command then leaves the new one', async () => {
    const file = box.put(vendor.file({ serial: 8, licenses: [maintenance] }));
    const before = files();
    const steps = await atEachStep(['add', file], fault, async (ending) => {
      failedAsMeant(ending);
      const held = await box.held();
      expect([[maintenanceId], [capacityId, maintenanceId]]).toContainEqual(held);
      if (held.includes(capacityId)) expect(files()).toEqual(before);
      expect(await box.cms('verify')).toBe(0);
      expect(await box.cms('add', file)).toBe(0);
      expect(await box.held()).toEqual([maintenanceId]);
    });
    expect(steps).toBeGreaterThanOrEqual(5);
  }, 120_000);

  test('init and request can be run again; a device key that was made stays', async () => {
    for (const name of readdirSync(box.folder)) rmSync(join(box.folder, name), { recursive: true });
    const identity = ['--install-code', installCode, '--root-key', join(box.stick, 'root.pem')];
    const keyFile = join(box.folder, 'device-key.pem');
    await atEachStep(['init', ...identity], fault, async (ending) => {
      failedAsMeant(ending);
      const key = existsSync(keyFile) ? readFileSync(keyFile, 'utf8') : null;
      expect(await box.cms('init', ...identity)).toBe(0);
      if (key !== null) expect(readFileSync(keyFile, 'utf8')).toBe(key);
      expect(await box.cms('request', '--out', join(box.stick, 'second.req'))).toBe(0);
    });
  }, 120_000);
});

/** Where the machine does not let a test mount a disk there is no such test, and CI says that it was not run. */
const withNamespaces = hasNamespaces ? describe : () => undefined;

withNamespaces('on a real disk', () => {
  /** Runs the command with its folder on a small disk of its own, which is then copied back. */
  const onDisk = (options: string, args: string[]) => {
    const disk = box.besides('disk');
    const command = `mount -t tmpfs -o ${options.replace(/,?ro$/, '')} tmpfs ${disk} && cp -a ${box.folder}/. ${disk}/ && ${options.endsWith('ro') ? `mount -o remount,ro ${disk}` : `head -c 1G /dev/zero >${disk}/filler 2>/dev/null`}; "$@" --folder ${disk}; status=$?; rm -rf ${box.folder}/*; rm -f ${disk}/filler; cp -a ${disk}/. ${box.folder}/; exit $status`;
    return runBuilt(args, { within: ['unshare', '-m', 'sh', '-c', command, 'sh'] });
  };

  test.each([
    ['that is full', 'size=256k'],
    ['that is read-only', 'size=256k,ro'],
  ])('%s, nothing is damaged and nothing is lost: each command says what is wrong', async (_name, options) => {
    const before = box.snapshot();
    const file = box.put(vendor.file({ serial: 8, licenses: [maintenance] }));
    for (const command of [
      ['add', file],
      ['return', '--offline', capacityId, '--out', receipt],
    ]) {
      const { status, err } = onDisk(options, command);
      expect(err).toMatch(/The folder of this SmartServer cannot be used[\s\S]*\((ENOSPC|EROFS)\)/);
      expect(status).toBe(1);
      expect(box.snapshot()).toEqual(before);
      expect(existsSync(receipt)).toBe(false);
    }
    expect(onDisk(options, ['verify']).status).toBe(0);
  });
});
