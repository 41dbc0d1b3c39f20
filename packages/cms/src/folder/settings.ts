import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { exportPublicKey, importPublicKey } from '@smartserver/license-document';
import { CmsProblem } from '../problem.ts';
import { readTextFile, writeFileAtomically } from './files.ts';

/** What a SmartServer knows of itself, also when it never sees the network. */
export type Settings = {
  /** Upper case, as on the label. */
  installCode: string;
  segmentName: string;
  softwareVersion: string;
  /** The pinned root key: the one thing that license documents are verified against. */
  rootPublicKey: KeyObject;
  /** The account in the cloud: null until it is linked. */
  cloud: CloudSettings | null;
  /**
   * Whether the cloud has had a chance to learn the device key: in a session, or from a request file. Without it, the cloud
   * cannot distinguish a return receipt of this SmartServer from a forged one.
   */
  deviceKeyShown: boolean;
};

/** `url`: address of the gateway, without a slash at its end. */
export type CloudSettings = { url: string; customerId: string };

const atMostBytes = 64 * 1024;
const names = ['installCode', 'segmentName', 'softwareVersion', 'rootPublicKey'] as const;
type Stored = Record<(typeof names)[number], string> & Partial<CloudSettings> & { deviceKeyShown?: boolean };

const fileOf = (folder: string): string => join(folder, 'settings.json');

/** @returns null before the first link or init. @throws CmsProblem settings_damaged */
export const readSettings = async (folder: string): Promise<Settings | null> => {
  const text = await readTextFile(fileOf(folder), atMostBytes);
  if (text === null) return null;
  try {
    const stored = JSON.parse(text) as Partial<Stored>;
    for (const name of names) if (typeof stored[name] !== 'string') throw new TypeError(`${name} is missing`);
    const { installCode, segmentName, softwareVersion, rootPublicKey, url, customerId, deviceKeyShown } =
      stored as Stored;
    if (typeof url !== typeof customerId) throw new TypeError('url and customerId belong together');
    const cloud = typeof url === 'string' && typeof customerId === 'string' ? { url, customerId } : null;
    return {
      installCode,
      segmentName,
      softwareVersion,
      rootPublicKey: importPublicKey(rootPublicKey),
      cloud,
      // A linked SmartServer has had a session.
      deviceKeyShown: deviceKeyShown === true || cloud !== null,
    };
  } catch {
    throw new CmsProblem({
      code: 'settings_damaged',
      title: 'The settings of this SmartServer cannot be read',
      detail: 'settings.json in its folder is damaged.',
      advice: 'Remove that file, then link again, or init without network; device key and licenses are kept.',
    });
  }
};

export const writeSettings = async (folder: string, settings: Settings): Promise<void> => {
  const { cloud, rootPublicKey, ...own } = settings;
  const stored: Stored = { ...cloud, ...own, rootPublicKey: exportPublicKey(rootPublicKey) };
  await writeFileAtomically(fileOf(folder), `${JSON.stringify(stored, null, 2)}\n`);
};
