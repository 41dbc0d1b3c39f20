import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@smartserver/testing';
import { Customer, problemOf } from './customer.ts';
import { type Box, type ProblemAnswer, Site } from './site.ts';

const site = Site.install();
let customer: Customer;
let stick: string;
const path = (name: string) => join(stick, name);
const text = (name: string) => readFileSync(path(name), 'utf8');

beforeEach(() => {
  customer = new Customer(site.cloud);
});

/** A SmartServer that has only what came with it: no network, and the root key of its firmware. */
const isolatedBox = async (): Promise<Box> => {
  const box = site.newBox();
  box.fetch = () => Promise.reject(new Error('this SmartServer has no network'));
  stick = box.besides('stick');
  await customer.saveRootKey(path('root.pem'));
  expect(await box.cms('init', '--install-code', box.installCode, '--root-key', path('root.pem'))).toBe(0);
  return box;
};

/** The customer makes a license file from a new request file of the SmartServer, and the SmartServer adds it. */
const activate = async (box: Box, licenseId: string, name = 'box.lic') => {
  expect(await box.cms('request', '--out', path('box.req'))).toBe(0);
  const made = await customer.activate({ licenseId, requestFile: text('box.req') }, path(name));
  expect(await box.cms('add', path(name))).toBe(0);
  return made;
};

const held = async (box: Box) => (await box.licenses()).map(({ licenseId }) => licenseId);
const refusal = async (box: Box, ...args: string[]) => (await box.json<ProblemAnswer>(...args)).problem.code;
const returnOffline = (box: Box, name: string, ...ids: string[]) =>
  box.cms('return', '--offline', ...ids, '--yes', '--out', path(name));

test('without network: request, license file, add, verify, return, receipt; then the license goes onto another SmartServer', async () => {
  const licenseId = await site.license();
  const box = await isolatedBox();
  const made = await activate(box, licenseId);
  expect(box.out).toMatch(new RegExp(`Device capacity, 200 devices +active.+${licenseId}`));
  expect(await box.cms('verify')).toBe(0);
  expect(box.out).toContain(site.customerId);
  expect(await box.cms('add', path('box.lic'))).toBe(0);
  expect(box.out).toContain('added before');

  expect(await returnOffline(box, 'box.ret', licenseId)).toBe(0);
  expect(await held(box)).toEqual([]);
  const answer = await customer.handIn(text('box.ret'), licenseId);
  expect(answer).toMatchObject({ installCode: box.installCode, returned: [licenseId] });
  expect(answer.serial).toBeGreaterThan(made.serial);
  // The same receipt, made again and handed in again, is answered alike.
  await returnOffline(box, 'again.ret', licenseId);
  expect(await customer.handIn(text('again.ret'), licenseId)).toEqual(answer);

  const old = path('box.lic');
  const other = await isolatedBox();
  await activate(other, licenseId);
  expect(await held(other)).toEqual([licenseId]);
  expect(await refusal(box, 'add', old)).toBe('file_superseded');
  expect(await refusal(other, 'add', old)).toBe('file_wrong_controller');
});

test('a license comes back to the SmartServer that returned it, and its first receipt does not free it again', async () => {
  const licenseId = await site.license();
  const box = await isolatedBox();
  await activate(box, licenseId);
  await returnOffline(box, 'first.ret', licenseId);
  await customer.handIn(text('first.ret'), licenseId);
  await activate(box, licenseId, 'second.lic');
  expect(await held(box)).toEqual([licenseId]);
  await customer.handIn(text('first.ret'), licenseId);
  const other = site.newBox();
  const again = problemOf(customer.activate({ licenseId, installCode: other.installCode }, path('other.lic')));
  expect((await again).code).toBe('license_in_use');
});

test('a file for an install code that was typed: the receipt is good once a request file has brought the device key', async () => {
  const licenseId = await site.license();
  const box = await isolatedBox();
  await customer.activate({ licenseId, installCode: box.installCode }, path('box.lic'));
  expect(await box.cms('add', path('box.lic'))).toBe(0);
  expect(await returnOffline(box, 'box.ret', licenseId)).toBe(0);
  const refused = await problemOf(customer.handIn(text('box.ret'), licenseId));
  expect(refused).toMatchObject({ code: 'receipt_invalid', detail: expect.stringContaining('Upload a request file') });

  await box.cms('request', '--out', path('box.req'));
  await customer.activate({ licenseId, requestFile: text('box.req') }, path('newer.lic'));
  // That file is newer than the receipt. It does not bring the license back, and the next receipt rules it out.
  expect(await box.cms('add', path('newer.lic'))).toBe(0);
  expect(await held(box)).toEqual([]);
  await returnOffline(box, 'second.ret', licenseId);
  expect(await customer.handIn(text('second.ret'), licenseId)).toMatchObject({ returned: [licenseId] });
});

describe('a file that was made before the cloud had the receipt', () => {
  test('is refused when it is not newer; downloaded again after the receipt it is', async () => {
    const [first, second] = [await site.license(), await site.license()];
    const box = await isolatedBox();
    await activate(box, first);
    await returnOffline(box, 'box.ret', first);
    const made = await customer.activate({ licenseId: second, installCode: box.installCode }, path('second.lic'));
    const { problem } = await box.json<{ problem: { code: string; advice: string } }>('add', path('second.lic'));
    expect(problem.code).toBe('file_superseded');
    expect(problem.advice).toContain('Upload the receipt');

    await customer.handIn(text('box.ret'), first);
    await customer.download(made, path('second.lic'));
    expect(await box.cms('add', path('second.lic'))).toBe(0);
    expect(await held(box)).toEqual([second]);
  });

  test('and is newer, by a request file, is taken without what was returned; the receipt is made again', async () => {
    const [first, second] = [await site.license(), await site.license()];
    const box = await isolatedBox();
    await activate(box, first);
    await returnOffline(box, 'box.ret', first);
    await activate(box, second, 'second.lic');
    expect(await held(box)).toEqual([second]);
    expect(await problemOf(customer.handIn(text('box.ret'), first))).toMatchObject({ code: 'receipt_invalid' });
    expect(box.questions).toEqual([]);
    expect(await box.cms('return', '--offline', first, '--out', path('newer.ret'))).toBe(0);
    expect(await customer.handIn(text('newer.ret'), first)).toMatchObject({ returned: [first] });
    expect(await held(box)).toEqual([second]);
  });
});

describe('online and offline mixed', () => {
  test('a SmartServer that was licensed by file is linked later: the newest document wins, and its device key stays', async () => {
    const [byFile, byNetwork] = [await site.license(), await site.license()];
    const box = await isolatedBox();
    await activate(box, byFile);
    const serial = await box.serial();
    box.fetch = site.cloud.fetch;
    box.now = site.cloud.clock.now();
    expect(await box.link()).toBe(0);
    expect(box.out).not.toContain('was taken from the cloud');
    expect(await box.cms('download', byNetwork)).toBe(0);
    expect((await held(box)).sort()).toEqual([byFile, byNetwork].sort());
    expect(await box.serial()).toBeGreaterThan(serial ?? 0);
    expect(await refusal(box, 'add', path('box.lic'))).toBe('file_superseded');
    // What came by file can go back through the network.
    expect(await box.cms('return', byFile)).toBe(0);
    expect(await held(box)).toEqual([byNetwork]);
  });

  test('nothing is changed through the network before the cloud has the receipt of an offline return; then the newest document wins', async () => {
    const [first, second, third] = [await site.license(), await site.license(), await site.license()];
    const box = await site.linkedBox(first, second, third);
    stick = box.besides('stick');
    await box.cms('download', first, second);
    await returnOffline(box, 'box.ret', first);
    // The cloud still shows it here; this SmartServer does not.
    expect(await held(box)).toEqual([second]);
    const changes = () =>
      site.cloud.requests.filter(({ method, path: asked }) => method === 'POST' && !asked.endsWith('/sessions'));
    for (const command of [
      ['download', third],
      ['return', second, '--yes'],
      ['return', first],
    ]) {
      site.cloud.requests.length = 0;
      expect(await refusal(box, ...command)).toBe('receipt_unanswered');
      expect(changes()).toEqual([]);
    }
    expect(await box.link()).toBe(0);
    expect(await held(box)).toEqual([second]);

    await customer.handIn(text('box.ret'), first);
    expect(await box.cms('download', third)).toBe(0);
    expect((await held(box)).sort()).toEqual([second, third].sort());
    // Free again, it may come back, also here.
    const back = async () => ((await box.cms('download', first)) === 0 ? true : null);
    expect(await eventually(back, { timeoutMs: 20_000 })).toBe(true);
    expect((await held(box)).sort()).toEqual([first, second, third].sort());
  });
});
