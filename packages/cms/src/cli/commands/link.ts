import type { KeyObject } from 'node:crypto';
import { fingerprint, importPublicKey, KeyError } from '@smartserver/license-document';
import type { Cloud } from '../../cloud/cloud.ts';
import { ensureDeviceKey } from '../../folder/device-key.ts';
import { readTextFile } from '../../folder/files.ts';
import { readSettings, type Settings, writeSettings } from '../../folder/settings.ts';
import { CmsProblem } from '../../problem.ts';
import { UsageError } from '../arguments.ts';
import { type Command, cloudOf, type Invocation, signIn, storeOf } from '../command.ts';
import { facts, printable } from '../text.ts';

type PinnedFrom = 'file' | 'cloud' | 'earlier';

const defaults = { segmentName: 'SmartServer', softwareVersion: '4.40.012' };

/**
 * Links this SmartServer to a customer/project: makes its device key, proves it to the cloud (which enrols it on first contact),
 * registers the controller, and pins the root key that license documents are verified against.
 */
export const link: Command = async (invocation) => {
  const { folder, link: given } = invocation.arguments;
  const before = await readSettings(folder);
  const identity = {
    url: needed('url', given.url ?? before?.url),
    installCode: needed('install-code', given.installCode ?? before?.installCode),
    customerId: needed('customer-id', given.customerId ?? before?.customerId),
    segmentName: given.segmentName ?? before?.segmentName ?? defaults.segmentName,
    softwareVersion: given.softwareVersion ?? before?.softwareVersion ?? defaults.softwareVersion,
  };
  if (before && before.installCode !== identity.installCode) throw otherSmartServer(before.installCode);
  const fromFile = given.rootKeyFile === undefined ? null : await readRootKey(given.rootKeyFile);
  if (isOpenToOthers(identity.url)) {
    invocation.terminal.err('Note: the address is not https. Others on the network can read and change what is sent.');
  }

  await ensureDeviceKey(folder);
  const cloud = await cloudOf(invocation, identity);
  const { customerName } = await signIn(cloud, invocation.terminal);
  const { customerId, segmentName, softwareVersion, installCode } = identity;
  const controller = await cloud.putController({ customerId, segmentName, softwareVersion });

  const pinnedFrom: PinnedFrom = fromFile ? 'file' : before ? 'earlier' : 'cloud';
  const rootPublicKey = fromFile ?? before?.rootPublicKey ?? (await rootKeyOfCloud(cloud));
  const settings: Settings = { ...identity, rootPublicKey };
  await writeSettings(folder, settings);
  // After a reset of the SmartServer its licenses are still its own: the cloud has its document [domain.md rule 12].
  if (controller.serial > 0) await refreshDocument(invocation, settings, cloud);

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

async function refreshDocument(invocation: Invocation, settings: Settings, cloud: Cloud): Promise<void> {
  const store = storeOf(invocation);
  const newer = await cloud.document(await store.serial());
  if (newer) await store.accept(newer.jws, settings);
}

async function rootKeyOfCloud(cloud: Cloud): Promise<KeyObject> {
  return readKey((await cloud.licenseKeys()).root.publicKey, 'The cloud gave a root key that cannot be used.');
}

async function readRootKey(file: string): Promise<KeyObject> {
  const pem = await readTextFile(file);
  if (pem === null) throw badRootKey('There is no such file.');
  return readKey(pem, 'The file does not hold an Ed25519 public key in PEM form.');
}

function readKey(pem: string, detail: string): KeyObject {
  try {
    return importPublicKey(pem);
  } catch (error) {
    if (error instanceof KeyError) throw badRootKey(detail);
    throw error;
  }
}

const badRootKey = (detail: string) =>
  new CmsProblem({
    code: 'root_key_invalid',
    title: 'The root key cannot be used',
    detail,
    advice: 'Get the root public key from EnOcean, and give its file with --root-key.',
  });

const otherSmartServer = (installCode: string) =>
  new CmsProblem({
    code: 'other_smartserver',
    title: 'This folder belongs to another SmartServer',
    detail: `Its install code is ${installCode}. An install code is printed on the label and never changes.`,
    advice: 'Check the install code, or use another --folder for another SmartServer.',
  });

function needed(option: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`link needs --${option}.`);
  return value;
}

function isOpenToOthers(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
