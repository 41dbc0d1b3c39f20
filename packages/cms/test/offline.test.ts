import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportPrivateKey } from '@smartserver/license-document';
import { DocumentStore, ensureDeviceKey, RequestKeys, readDeviceKey, writeSettings } from '../src/index.ts';
import { Bench } from './bench.ts';
import { capacity, capacityId, customerId, installCode, issuer, maintenance, maintenanceId } from './documents.ts';

const vendor = issuer();
let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

/** A linked SmartServer with two licenses. */
const linked = async (): Promise<void> => {
  await ensureDeviceKey(bench.folder);
  const { rootPublicKey } = vendor;
  const segment = { segmentName: 'Building 1', softwareVersion: '4.40.012' };
  const cloud = { url: 'http://127.0.0.1:1', customerId };
  await writeSettings(bench.folder, { installCode, ...segment, rootPublicKey, cloud, deviceKeyShown: true });
  const jws = vendor.sign({ serial: 2, licenses: [capacity, maintenance] });
  await new DocumentStore(bench.folder).accept(jws, { rootPublicKey, installCode });
};

describe('verify', () => {
  test('shows the verified document, without asking the network for anything', async () => {
    await linked();
    let asked = 0;
    bench.fetch = () => {
      asked += 1;
      return Promise.reject(new Error('no network'));
    };
    expect(await bench.cms('verify')).toBe(0);
    expect(asked).toBe(0);
    for (const part of ['genuine', installCode, customerId, capacityId, maintenanceId, '2029-03-01 12:00 UTC']) {
      expect(bench.out).toContain(part);
    }
  });

  test('refuses a document that was altered, with exit code 1 and what to do', async () => {
    await linked();
    writeFileSync(join(bench.folder, 'license-documents', '0000000000000002.jws'), issuer().sign({ serial: 2 }));
    expect(await bench.cms('verify')).toBe(1);
    expect(bench.err).toContain('The license document was refused');
    expect(bench.out).toBe('');
    const { problem } = await bench.json<{ problem: { code: string } }>('verify');
    expect(problem.code).toBe('document_root_unknown');
  });

  test.each([['verify'], ['available'], ['licenses'], ['download', '--all'], ['return', '--all', '--yes']])(
    '%s before the first link says that linking comes first',
    async (...command) => {
      expect(await bench.cms(...command)).toBe(1);
      expect(bench.err).toContain('not linked to a Customer ID yet');
    },
  );
});

describe('licenses without the cloud', () => {
  test('shows the table from the stored document, says so, and does not wait', async () => {
    await linked();
    bench.fetch = () => Promise.reject(new TypeError('fetch failed'));
    expect(await bench.cms('licenses')).toBe(0);
    expect(bench.out).toContain('Building 1 (0302E1C2A8F40011)');
    expect(bench.out).toMatch(/Device capacity, 1000 devices +active/);
    expect(bench.err).toContain('the cloud cannot be reached');
    expect(bench.pauses).toEqual([]);
  });

  test.each([
    ['2028-11-01T12:00:00Z', 'active'],
    ['2028-12-31T12:00:00Z', 'expiring'],
    ['2029-03-01T12:00:00Z', 'expired'],
  ])('at %s the maintenance is %s', async (now, status) => {
    await linked();
    bench.fetch = () => Promise.reject(new TypeError('fetch failed'));
    bench.now = new Date(now);
    const { items } = await bench.json<{ items: { licenseId: string; status: string }[] }>('licenses');
    expect(items.find((item) => item.licenseId === maintenanceId)?.status).toBe(status);
  });
});

describe('a full return', () => {
  test.each([
    ['--all', [['--all']]],
    ['every License ID on the controller', [[capacityId, maintenanceId]]],
  ])('by %s asks first, and sends nothing when the answer is no', async (_name, [args = []]) => {
    await linked();
    bench.answer = false;
    expect(await bench.cms('return', ...args)).toBe(1);
    expect(bench.questions).toHaveLength(1);
    expect(bench.err).toContain('Nothing was transferred');
  });

  test('is not made without a terminal to ask on', async () => {
    await linked();
    bench.answer = null;
    const { problem } = await bench.json<{ problem: { code: string } }>('return', '--all');
    expect(problem.code).toBe('confirmation_needed');
  });
});

describe('the folder', () => {
  test('keeps the device key from others, and keeps the same key', async () => {
    const key = await ensureDeviceKey(bench.folder);
    expect(statSync(join(bench.folder, 'device-key.pem')).mode & 0o777).toBe(0o600);
    const again = await ensureDeviceKey(bench.folder);
    expect(exportPrivateKey(again)).toBe(exportPrivateKey(key));
  });

  test('with a damaged device key is reported, and no new key is made in its place', async () => {
    await linked();
    writeFileSync(join(bench.folder, 'device-key.pem'), 'damaged');
    expect(await bench.cms('available')).toBe(1);
    expect(bench.err).toContain('device key');
    await expect(readDeviceKey(bench.folder)).rejects.toMatchObject({ code: 'device_key_damaged' });
  });

  test('with damaged settings is reported', async () => {
    await linked();
    writeFileSync(join(bench.folder, 'settings.json'), '{"url": "http');
    expect(await bench.cms('verify')).toBe(1);
    expect(bench.err).toContain('settings.json');
  });

  test('of one SmartServer does not become that of another', async () => {
    await linked();
    expect(await bench.cms('link', '--install-code', '0302E1C2A8F40099')).toBe(1);
    expect(bench.err).toContain('belongs to another SmartServer');
  });

  test('that is a link to nowhere is reported, and not looked for without end', async () => {
    symlinkSync(join(bench.folder, 'gone'), join(bench.folder, 'link'));
    const folder = join(bench.folder, 'link', 'below', 'smartserver');
    await expect(ensureDeviceKey(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is made with the folders above it, for its owner alone', async () => {
    const folder = join(bench.folder, 'one', 'two');
    await ensureDeviceKey(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('that is no folder is reported with what the file system said', async () => {
    writeFileSync(join(bench.folder, 'file'), '');
    expect(await bench.cms('verify', '--folder', join(bench.folder, 'file'))).toBe(1);
    expect(bench.err).toContain('ENOTDIR');
  });
});

describe('the key of a request that was not answered', () => {
  const request = { path: '/v1/controllers/X/returns', body: { all: true }, serial: 4 };

  test('is the same for the same request, until it is answered', async () => {
    const keys = new RequestKeys(bench.folder);
    expect(await keys.keyFor(request, 'first')).toBe('first');
    expect(await new RequestKeys(bench.folder).keyFor(request, 'second')).toBe('first');
    await keys.answered(request);
    expect(await keys.keyFor(request, 'third')).toBe('third');
  });

  test('is another one for another request', async () => {
    const keys = new RequestKeys(bench.folder);
    await keys.keyFor(request, 'first');
    expect(await keys.keyFor({ ...request, body: { licenseIds: [capacityId] } }, 'second')).toBe('second');
    expect(await keys.keyFor(request, 'third')).toBe('first');
  });

  test('is another one once the license document has moved on: the old answer would be about another state', async () => {
    const keys = new RequestKeys(bench.folder);
    await keys.keyFor(request, 'first');
    expect(await keys.keyFor({ ...request, serial: 5 }, 'second')).toBe('second');
  });
});

describe('wrong use', () => {
  test.each([
    ['no command', []],
    ['an unknown command', ['explode']],
    ['an unknown option', ['licenses', '--frobnicate']],
    ['download without a License ID', ['download']],
    ['both License IDs and --all', ['download', capacityId, '--all']],
    ['a License ID that is no UUID', ['return', 'P2022-0208']],
    ['an address that is none', ['link', '--url', 'licenses.example.com']],
    ['an install code that is none', ['link', '--install-code', 'short']],
    ['a Customer ID that is none', ['link', '--customer-id', 'P2022-0208']],
    ['a link that lacks its address', ['link', '--install-code', installCode, '--customer-id', customerId]],
  ])('%s gives exit code 2 and the usage', async (_name, args) => {
    expect(await bench.cms(...args)).toBe(2);
    expect(bench.err).toContain('Usage: npm run cms');
    expect(bench.out).toBe('');
  });

  test.each([
    ['explode', "Unknown command 'explode'. Usage: npm run cms -- --help"],
    ['licens', "Unknown command 'licens'. (Did you mean licenses?) Usage: npm run cms -- --help"],
    ['verify --jsn', "Unknown option '--jsn'. (Did you mean --json?) Usage: npm run cms -- verify --help"],
    ['licenses --offline', "Unknown option '--offline'. Usage: npm run cms -- licenses --help"],
    ['upgrade-check', "Required option '--to <version>' not specified. Usage: npm run cms -- upgrade-check --help"],
    ['download', 'Give License IDs, or --all. Usage: npm run cms -- download --help'],
  ])('%s is answered on one line with what to do', async (line, answer) => {
    expect(await bench.cms(...line.split(' '))).toBe(2);
    expect(bench.err).toBe(`${answer}\n`);
  });

  test('--help gives the usage and exit code 0', async () => {
    expect(await bench.cms('--help')).toBe(0);
    expect(bench.out).toContain('download [options] [LICENSE_ID...]');
  });
});
