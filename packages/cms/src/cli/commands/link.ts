import type { KeyObject } from 'node:crypto';
import { fingerprint } from '@smartserver/license-document';
import type { Cloud } from '../../cloud/cloud.ts';
import { ensureDeviceKey } from '../../folder/device-key.ts';
import { readSettings, writeSettings } from '../../folder/settings.ts';
import { type Command, cloudOf, type LinkedSettings, signIn } from '../command.ts';
import { type IdentityOptions, identityOf, needed } from '../identity.ts';
import { fetchNewest } from '../newest.ts';
import { importRootKey, readRootKey } from '../root-key.ts';
import { facts, printable } from '../text.ts';

type PinnedFrom = 'file' | 'cloud' | 'earlier';

/**
 * Links this SmartServer to a customer/project: makes its device key, proves it to the cloud (which enrols it on first contact),
 * registers the controller, and pins the root key that license documents are verified against.
 */
export const link: Command<IdentityOptions & { url?: string; customerId?: string }> = async (invocation) => {
  const { options } = invocation;
  const before = await readSettings(options.folder);
  const url = needed('link', 'url', options.url ?? before?.cloud?.url);
  const identity = identityOf('link', options, before);
  const customerId = needed('link', 'customer-id', options.customerId ?? before?.cloud?.customerId);
  const fromFile = options.rootKey === undefined ? null : await readRootKey(options.rootKey);
  if (isOpenToOthers(url)) {
    invocation.terminal.err('Note: the address is not https. Others on the network can read and change what is sent.');
  }

  await ensureDeviceKey(options.folder);
  const cloud = await cloudOf(invocation, { ...identity, cloud: { url, customerId } });
  const { customerName } = await signIn(cloud, invocation.terminal);
  const { segmentName, softwareVersion, installCode } = identity;
  const controller = await cloud.putController({ customerId, segmentName, softwareVersion });

  const pinnedFrom: PinnedFrom = fromFile ? 'file' : before ? 'earlier' : 'cloud';
  const rootPublicKey = fromFile ?? before?.rootPublicKey ?? (await rootKeyOfCloud(cloud));
  const settings: LinkedSettings = { ...identity, rootPublicKey, cloud: { url, customerId }, deviceKeyShown: true };
  await writeSettings(options.folder, settings);
  // After a reset of the SmartServer its licenses are still its own: the cloud has its document [domain.md rule 12].
  if (controller.serial > 0) await fetchNewest(invocation, settings, cloud);

  const rootKey = { fingerprint: fingerprint(rootPublicKey), pinnedFrom };
  const text = [
    `This SmartServer is linked to ${printable(customerName)}.`,
    '',
    facts([
      ['Install code', installCode],
      ['Segment controller', `${printable(segmentName)}, version ${printable(softwareVersion)}`],
      ['Customer ID', customerId],
      ['Root key', rootKey.fingerprint],
    ]),
    ...(pinnedFrom === 'cloud'
      ? [
          '',
          'The root key was taken from the cloud and is pinned from now on. Compare its fingerprint with the one EnOcean publishes.',
        ]
      : []),
  ].join('\n');
  return { json: { installCode, customerId, customerName, segmentName, softwareVersion, rootKey }, text };
};

const rootKeyOfCloud = async (cloud: Cloud): Promise<KeyObject> =>
  importRootKey((await cloud.licenseKeys()).root.publicKey, 'The cloud gave a root key that cannot be used.');

const isOpenToOthers = (address: string): boolean => {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
};
