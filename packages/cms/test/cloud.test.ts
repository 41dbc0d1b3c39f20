import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@smartserver/testing';
import { type ProblemAnswer, Site } from './site.ts';

const site = Site.install();

describe('the main job', () => {
  test('link, list, download two, verify without network, return one, and see the table', async () => {
    const capacity = await site.license('capacity', 1000);
    const maintenance = await site.license('maintenance', 1000);
    const box = await site.linkedBox(capacity, maintenance);

    expect(await box.cms('available')).toBe(0);
    expect(box.out).toContain('Licenses of P2022-0208 in the cloud');
    expect(box.out).toContain(capacity);
    expect(await box.cms('download', capacity, maintenance)).toBe(0);
    expect(box.out).toContain(`2 licenses downloaded and activated on ${box.installCode}`);

    const requests = site.cloud.requests.length;
    expect(await box.cms('verify')).toBe(0);
    expect(box.out).toContain('The license document is genuine.');
    expect(box.out).toContain(maintenance);
    expect(site.cloud.requests).toHaveLength(requests);

    expect(await box.cms('return', maintenance)).toBe(0);
    expect(box.questions).toEqual([]);
    expect(await box.licenses()).toMatchObject([{ licenseId: capacity, status: 'active' }]);
    expect(await box.cms('licenses')).toBe(0);
    expect(box.out).toMatch(new RegExp(`Building 1 \\(${box.installCode}\\) +Device capacity.+active.+${capacity}`));
  });

  test('a full return is confirmed once and leaves an empty table and a document without licenses', async () => {
    const id = await site.license();
    const box = await site.linkedBox(id);
    await box.cms('download', id);
    box.answer = true;
    expect(await box.cms('return', '--all')).toBe(0);
    expect(box.questions).toHaveLength(1);
    expect(await box.licenses()).toEqual([]);
    expect(await box.cms('verify')).toBe(0);
    expect(box.out).toMatch(/Licenses: +0/);
  });

  test('the root key is taken from the cloud once, shown, and stays pinned', async () => {
    const box = site.newBox();
    expect(await box.link()).toBe(0);
    expect(box.out).toMatch(/Root key: +([0-9A-F]{4} ){15}[0-9A-F]{4}/);
    expect(box.out).toContain('Compare its fingerprint');
    expect(await box.cms('link', '--segment-name', 'Building 2')).toBe(0);
    expect(site.cloud.requests.filter(({ path }) => path === '/v1/license-keys')).toHaveLength(1);
  });
});

describe('who may', () => {
  test.each([['link'], ['available'], ['licenses'], ['download', '--all'], ['return', '--all', '--yes']])(
    'another user type than owner is refused: %s',
    async (...command) => {
      const box = site.newBox();
      if (command[0] !== 'link') await box.link();
      const code =
        command[0] === 'link'
          ? await box.link('--user-type', 'operator')
          : await box.cms(...command, '--user-type', 'operator');
      expect(code).toBe(1);
      expect(box.err).toContain('Only the CMS Owner may manage licenses');
    },
  );

  test('another SmartServer’s license is refused by name, with what to do, and the store stays as it was', async () => {
    const [taken, free] = [await site.license(), await site.license()];
    const owner = await site.linkedBox(taken, free);
    const other = await site.linkedBox(taken, free);
    await owner.cms('download', taken);
    expect(await other.cms('download', free, taken)).toBe(1);
    expect(other.err).toContain('The license is active on a controller');
    expect(other.err).toContain(`License ${taken}:`);
    expect(other.err).toContain('Transfer it back to the cloud from there first.');
    expect(await other.licenses()).toEqual([]);
  });

  test('another Customer ID only after a full return', async () => {
    const id = await site.license();
    const elsewhere = await site.cloud.customer(`P-Building ${randomBytes(3).toString('hex')}`);
    const box = await site.linkedBox(id);
    await box.cms('download', id);
    const { problem } = await box.json<ProblemAnswer>('link', '--customer-id', elsewhere);
    expect(problem.code).toBe('controller_in_use');
    await box.cms('return', '--all', '--yes');
    const linked = async () => ((await box.cms('link', '--customer-id', elsewhere)) === 0 ? true : null);
    expect(await eventually(linked, { timeoutMs: 20_000 })).toBe(true);
  });
});

describe('the clock of the device', () => {
  test.each([
    ['three days behind', -3 * 86_400_000, 'behind'],
    ['ten years ahead', 10 * 365 * 86_400_000, 'ahead'],
  ])('%s is corrected by the time of the cloud, and the Owner is warned', async (_name, off, direction) => {
    const box = site.newBox();
    box.now = new Date(site.cloud.clock.now().getTime() + off);
    expect(await box.link()).toBe(0);
    expect(box.err).toContain(direction);
  });
});

test('a SmartServer that lost its store gets its licenses back by linking again', async () => {
  const id = await site.license();
  const box = await site.linkedBox(id);
  await box.cms('download', id);
  rmSync(join(box.folder, 'license-documents'), { recursive: true });
  rmSync(join(box.folder, 'settings.json'));
  expect(await box.link()).toBe(0);
  expect(await box.cms('verify')).toBe(0);
  expect(box.out).toContain(id);
});

test('no command writes the device key or a token anywhere', async () => {
  const id = await site.license();
  const box = await site.linkedBox(id);
  for (const command of [['available'], ['download', id], ['licenses'], ['verify'], ['return', id, '--yes']]) {
    for (const form of [command, [...command, '--json']]) {
      await box.cms(...form);
      expect(`${box.out}${box.err}`).not.toMatch(/PRIVATE KEY|eyJ/);
    }
  }
});
