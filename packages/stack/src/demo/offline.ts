import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, ApiProblem, dataOf } from '@smartserver/client';
import type { CreateOfflineActivationRequest, OfflineActivation } from '@smartserver/contracts';
import { say } from './say.ts';
import { canCutNetwork, SmartServer } from './smartserver.ts';

/** What the customer carries between browser and SmartServer. */
class MemoryStick {
  private readonly folder = mkdtempSync(join(tmpdir(), 'memory-stick-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name: string, content: string): void {
    writeFileSync(this.path(name), content);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A license goes onto a SmartServer that has no Internet, comes back by a receipt, and goes onto another one. */
export async function licenseWithoutInternet(api: Api, licenseId: string): Promise<void> {
  const stick = new MemoryStick();
  const [first, second] = [new SmartServer({ network: false }), new SmartServer({ network: false })];
  try {
    say.step('Two SmartServers', 'without Internet are set up: the root key comes with their firmware.');
    say.fact(
      canCutNetwork
        ? 'Their commands run with the network cut.'
        : 'This machine cannot cut the network of a process: the commands are not stopped from using it, but do not.',
    );
    stick.write('root.pem', (await dataOf(api.GET('/v1/license-keys'))).root.publicKey);
    for (const server of [first, second]) {
      await server.cms('init', '--install-code', server.installCode, '--root-key', stick.path('root.pem'));
    }
    say.step('The CMS Owner', 'makes a request file.');
    await first.cms('request', '--out', stick.path('box.req'));

    say.step(
      'The customer',
      'signs in to the License Customer Portal with the License ID, and makes the license file.',
    );
    const token = await signIn(api, licenseId);
    const { serial } = await activate(api, token, stick, { licenseId, requestFile: stick.read('box.req') });
    say.fact(`License file with license document ${serial}, ${stick.read('box.lic').length} bytes`);

    say.step('The CMS Owner', 'adds the license file.');
    await first.cms('add', stick.path('box.lic'));
    await first.cms('verify');

    say.step('The CMS Owner', 'returns the license, which makes a receipt.');
    await first.cms('return', '--offline', licenseId, '--yes', '--out', stick.path('box.ret'));
    say.step('The customer', 'uploads the receipt.');
    const body = { receipt: stick.read('box.ret') };
    const { returned, installCode } = await dataOf(api.as(token).POST('/v1/offline-returns', { body }));
    say.fact(`${returned.length} license returned from ${installCode}`);

    say.step('The customer', 'makes a license file for the other SmartServer, by its install code.');
    await activate(api, token, stick, { licenseId, installCode: second.installCode });
    await second.cms('add', stick.path('box.lic'));
  } finally {
    for (const thing of [stick, first, second]) thing.remove();
  }
}

/** The transfer to the customer may take a moment to arrive. */
async function signIn(api: Api, licenseId: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await dataOf(api.POST('/v1/portal/sessions', { body: { licenseId } }))).accessToken;
    } catch (error) {
      if (!(error instanceof ApiProblem) || attempt === 20) throw error;
      await sleep(250);
    }
  }
}

async function activate(
  api: Api,
  token: string,
  stick: MemoryStick,
  body: CreateOfflineActivationRequest,
): Promise<OfflineActivation> {
  const made = await dataOf(api.as(token).POST('/v1/offline-activations', { body }));
  // The one answer of the API that is not JSON.
  stick.write(
    'box.lic',
    await dataOf(
      api.as(token).GET('/v1/offline-activations/{offlineActivationId}/file', {
        params: { path: { offlineActivationId: made.offlineActivationId } },
        parseAs: 'text',
      }),
    ),
  );
  return made;
}
