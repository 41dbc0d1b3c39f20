import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyRequestFile, verifyReturnReceipt } from '@smartserver/license-document';
import { buildCms, hasNamespaces, runBuilt } from './built.ts';
import { capacity, capacityId, installCode, issuer, maintenance, maintenanceId } from './documents.ts';
import { OfflineBox } from './offline-box.ts';

const vendor = issuer();
let box: OfflineBox;

beforeAll(buildCms, 120_000);
beforeEach(() => {
  box = new OfflineBox(vendor);
});
afterEach(() => box.remove());

/** A process that has no network at all, where the machine allows it; and one in which touching it is the end. */
const ways = [
  ...(hasNamespaces ? [['with the network cut', { within: ['unshare', '-n'] }] as const] : []),
  ['with a guard on every socket', { preload: 'no-network.mjs' }] as const,
];

describe.each(ways)('%s', (_name, how) => {
  const run = (...args: string[]) => {
    const ending = runBuilt([...args, '--folder', box.folder], how);
    expect(ending.err).not.toContain('network was touched');
    return ending;
  };

  test('the whole job is done: set up, request, add, list, verify, return, and the receipt again', () => {
    const path = (name: string) => join(box.stick, name);
    const identity = ['--install-code', installCode, '--root-key', path('root.pem')];
    expect(run('init', ...identity)).toMatchObject({ status: 0, err: '' });
    expect(run('request', '--out', path('box.req'))).toMatchObject({ status: 0, err: '' });
    const request = verifyRequestFile(readFileSync(path('box.req'), 'utf8'));

    // What the customer does in the portal meanwhile.
    const serial = request.serial + 1;
    const file = box.put(vendor.file({ installCode: request.installCode, serial, licenses: [capacity, maintenance] }));
    expect(run('add', file)).toMatchObject({ status: 0 });
    expect(run('licenses').out).toContain(capacityId);
    expect(run('verify').out).toContain('The license document is genuine.');
    expect(run('coverage', '--offline').out).toContain('Covered until');
    expect(run('upgrade-check', '--to', '4.5', '--offline').out).toContain('Allowed');

    expect(run('return', '--offline', maintenanceId, '--out', path('box.ret'))).toMatchObject({ status: 0 });
    const receipt = verifyReturnReceipt(readFileSync(path('box.ret'), 'utf8'));
    expect(receipt).toMatchObject({ licenseIds: [maintenanceId], serial: serial + 1, thumbprint: request.thumbprint });
    expect(run('licenses').out).not.toMatch(new RegExp(`active.+${maintenanceId}`));
    expect(run('add', file)).toMatchObject({ status: 1 });
    expect(run('return', '--offline', maintenanceId, '--out', path('again.ret'))).toMatchObject({ status: 0 });
    expect(readFileSync(path('again.ret'), 'utf8')).toBe(readFileSync(path('box.ret'), 'utf8'));
  });
});

test('without --out the files are named after the SmartServer and its serial, in the folder where the command runs', async () => {
  await box.init();
  const inStick = ['sh', '-c', `cd ${box.stick} && exec "$@"`, 'sh'];
  const run = (...args: string[]) => runBuilt([...args, '--folder', box.folder], { within: inStick });
  expect(run('request').status).toBe(0);
  expect(verifyRequestFile(readFileSync(join(box.stick, `smartserver-${installCode}-0.req`), 'utf8')).serial).toBe(0);
  await box.add({ serial: 1, licenses: [capacity, maintenance] });
  expect(run('return', '--offline', capacityId).status).toBe(0);
  const receipt = readFileSync(join(box.stick, `smartserver-${installCode}-2.ret`), 'utf8');
  expect(verifyReturnReceipt(receipt).serial).toBe(2);
});

test('the guard on sockets sees what is sent: link touches the network', () => {
  const identity = ['--install-code', installCode, '--customer-id', '2133c667-af41-4518-94df-a2bb3b775330'];
  const command = ['link', '--url', 'http://127.0.0.1:9', ...identity, '--folder', box.folder];
  expect(runBuilt(command, { preload: 'no-network.mjs' })).toMatchObject({ status: 97 });
});
