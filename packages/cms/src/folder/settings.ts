import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { exportPublicKey, importPublicKey } from '@smartserver/license-document';
import { CmsProblem } from '../problem.ts';
import { readTextFile, writeFileAtomically } from './files.ts';

/** What a SmartServer knows of itself and of the cloud. */
export type Settings = {
  /** Address of the gateway, without a slash at its end. */
  url: string;
  /** Upper case, as on the label. */
  installCode: string;
  customerId: string;
  segmentName: string;
  softwareVersion: string;
  /** The pinned root key: the one thing that license documents are verified against. */
  rootPublicKey: KeyObject;
};

type Stored = Record<keyof Settings, string>;

const names = ['url', 'installCode', 'customerId', 'segmentName', 'softwareVersion', 'rootPublicKey'] as const;

const fileOf = (folder: string): string => join(folder, 'settings.json');

/** @returns null before the first link. @throws CmsProblem settings_damaged */
export async function readSettings(folder: string): Promise<Settings | null> {
  const text = await readTextFile(fileOf(folder));
  if (text === null) return null;
  try {
    const stored = JSON.parse(text) as Partial<Stored>;
    for (const name of names) if (typeof stored[name] !== 'string') throw new TypeError(`${name} is missing`);
    const whole = stored as Stored;
    return { ...whole, rootPublicKey: importPublicKey(whole.rootPublicKey) };
  } catch {
    throw new CmsProblem({
      code: 'settings_damaged',
      title: 'The settings of this SmartServer cannot be read',
      detail: 'settings.json in its folder is damaged.',
      advice: 'Remove that file and link again; device key and licenses are kept.',
    });
  }
}

export async function writeSettings(folder: string, settings: Settings): Promise<void> {
  const stored: Stored = { ...settings, rootPublicKey: exportPublicKey(settings.rootPublicKey) };
  await writeFileAtomically(fileOf(folder), `${JSON.stringify(stored, null, 2)}\n`);
}
