import { fingerprint } from '@smartserver/license-document';
import { ensureDeviceKey } from '../../folder/device-key.ts';
import { readSettings, type Settings, writeSettings } from '../../folder/settings.ts';
import type { Command } from '../command.ts';
import { type IdentityOptions, identityOf, needed } from '../identity.ts';
import { readRootKey } from '../root-key.ts';
import { facts, printable } from '../text.ts';

/**
 * Sets up a SmartServer that never sees the network: makes its device key and pins the root key, which comes with the firmware.
 * What was set up or linked before is kept.
 */
export const init: Command<IdentityOptions> = async ({ options }) => {
  const before = await readSettings(options.folder);
  const identity = identityOf('init', options, before);
  const fromFile = options.rootKey === undefined ? undefined : await readRootKey(options.rootKey);
  const rootPublicKey = needed('init', 'root-key', fromFile ?? before?.rootPublicKey);

  const deviceKey = fingerprint(await ensureDeviceKey(options.folder));
  const { cloud = null, deviceKeyShown = false } = before ?? {};
  const settings: Settings = { ...identity, rootPublicKey, cloud, deviceKeyShown };
  await writeSettings(options.folder, settings);

  const { installCode, segmentName, softwareVersion } = identity;
  const rootKey = { fingerprint: fingerprint(rootPublicKey), pinnedFrom: fromFile ? 'file' : 'earlier' };
  const text = [
    'This SmartServer is set up. It needs no network.',
    '',
    facts([
      ['Install code', installCode],
      ['Segment controller', `${printable(segmentName)}, version ${printable(softwareVersion)}`],
      ['Device key', deviceKey],
      ['Root key', rootKey.fingerprint],
    ]),
    '',
    'Next: make a request file with the request command, and upload it in the License Customer Portal.',
  ].join('\n');
  return { json: { installCode, segmentName, softwareVersion, deviceKey: { fingerprint: deviceKey }, rootKey }, text };
};
