import type { VerifiedDocument } from '@smartserver/license-document';
import { apiOf, type Machine, type Patience, patient } from '../cloud/api.ts';
import { Cloud } from '../cloud/cloud.ts';
import { readDeviceKey } from '../folder/device-key.ts';
import { DocumentStore } from '../folder/document-store.ts';
import { RequestKeys } from '../folder/request-keys.ts';
import { readSettings, type Settings } from '../folder/settings.ts';
import { CmsProblem, notLinked } from '../problem.ts';
import type { Arguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';

/** What a command is given. */
export type Invocation = { arguments: Arguments; machine: Machine; terminal: Terminal };

/** What a command answers: for machines, and for people. */
type CommandResult = { json: object; text: string };

export type Command = (invocation: Invocation) => Promise<CommandResult>;

/** @throws CmsProblem not_linked */
export async function settingsOf({ arguments: { folder } }: Invocation): Promise<Settings> {
  const settings = await readSettings(folder);
  if (!settings) throw notLinked();
  return settings;
}

/** The cloud as this SmartServer sees it. @throws CmsProblem not_linked when it has no device key yet */
export async function cloudOf(
  invocation: Invocation,
  settings: Pick<Settings, 'url' | 'installCode' | 'customerId'>,
  patience: Patience = patient,
): Promise<Cloud> {
  const { machine, arguments: given } = invocation;
  const deviceKey = await readDeviceKey(given.folder);
  if (!deviceKey) throw notLinked();
  const { installCode, customerId } = settings;
  return new Cloud({
    api: apiOf(settings.url, machine, patience),
    machine,
    identity: { installCode, customerId, userType: given.userType, deviceKey },
    keys: new RequestKeys(given.folder),
  });
}

/** Opens the session, and says so when the clock had to be corrected. */
export async function signIn(cloud: Cloud, terminal: Terminal): Promise<{ customerName: string }> {
  const { customerName, clockOffSeconds } = await cloud.session();
  if (clockOffSeconds !== 0) {
    const direction = clockOffSeconds > 0 ? 'behind' : 'ahead';
    terminal.err(
      `Note: the clock of this SmartServer is ${Math.abs(clockOffSeconds)} seconds ${direction}. The time of the cloud was used; set the clock.`,
    );
  }
  return { customerName };
}

export const storeOf = ({ arguments: { folder } }: Invocation) => new DocumentStore(folder);

/** The stored document. @throws CmsProblem no_licenses when there is none, `document_…` when it is not to be trusted */
export async function storedDocument(invocation: Invocation, settings: Settings): Promise<VerifiedDocument> {
  const stored = await storeOf(invocation).read(settings);
  if (stored) return stored;
  throw new CmsProblem({
    code: 'no_license_document',
    title: 'There is no license document on this SmartServer yet',
    detail: 'Nothing was downloaded so far.',
    advice: 'Download licenses from the cloud.',
  });
}
