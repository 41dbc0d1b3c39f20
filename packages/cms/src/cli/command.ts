import type { DocumentLicense } from '@smartserver/license-document';
import { apiOf, type Machine, type Patience, patient } from '../cloud/api.ts';
import { Cloud } from '../cloud/cloud.ts';
import { readDeviceKey } from '../folder/device-key.ts';
import { LicenseStore, type StoredLicenses } from '../folder/license-store.ts';
import { RequestKeys } from '../folder/request-keys.ts';
import { type CloudSettings, readSettings, type Settings } from '../folder/settings.ts';
import { judgedTime, secondsBehind } from '../folder/time.ts';
import { CmsProblem, notLinked } from '../problem.ts';
import type { Terminal } from './terminal.ts';
import { durationText } from './text.ts';

/** The world that commands run in. */
export type World = { machine: Machine; terminal: Terminal };

/** Options that every command takes. */
export type CommonOptions = { folder: string; userType: string; yes: boolean; json: boolean };

/** What a command is given. @typeParam Own options of the command itself */
export type Invocation<Own = object> = World & { options: CommonOptions & Own };

/** What a command answers: for machines, and for people. */
type CommandResult = { json: object; text: string };

export type Command<Own = object> = (invocation: Invocation<Own>) => Promise<CommandResult>;

/** Which licenses a command is about: these, or all. */
export type ChosenLicenses = { licenseIds: string[]; all: boolean };

/** What this SmartServer knows of itself. @throws CmsProblem not_linked before the first link or init */
export const settingsOf = async ({ options: { folder } }: Invocation): Promise<Settings> => {
  const settings = await readSettings(folder);
  if (!settings) throw notLinked();
  return settings;
};

/** Settings of a SmartServer that is linked. @throws CmsProblem not_linked, also for one that was set up without network */
export const linkedSettingsOf = async (invocation: Invocation): Promise<LinkedSettings> => {
  const { cloud, ...settings } = await settingsOf(invocation);
  if (!cloud) throw notLinked('It was set up for use without network.');
  return { ...settings, cloud };
};

export type LinkedSettings = Settings & { cloud: CloudSettings };

/** The cloud as this SmartServer sees it. @throws CmsProblem not_linked when it has no device key yet */
export const cloudOf = async (
  invocation: Invocation,
  { installCode, cloud }: Pick<LinkedSettings, 'installCode' | 'cloud'>,
  patience: Patience = patient,
): Promise<Cloud> => {
  const { machine, options } = invocation;
  const deviceKey = await readDeviceKey(options.folder);
  if (!deviceKey) throw notLinked('Its folder holds no device key.');
  return new Cloud({
    api: apiOf(cloud.url, machine, patience),
    machine,
    identity: { installCode, customerId: cloud.customerId, userType: options.userType, deviceKey },
    keys: new RequestKeys(options.folder),
  });
};

/** Opens the session, and says so when the clock had to be corrected. */
export const signIn = async (cloud: Cloud, terminal: Terminal): Promise<{ customerName: string }> => {
  const { customerName, clockOffSeconds } = await cloud.session();
  if (clockOffSeconds !== 0) {
    const direction = clockOffSeconds > 0 ? 'behind' : 'ahead';
    terminal.err(
      `Note: the clock of this SmartServer is ${Math.abs(clockOffSeconds)} seconds ${direction}. The time of the cloud was used; set the clock.`,
    );
  }
  return { customerName };
};

export const storeOf = ({ options: { folder } }: Invocation) => new LicenseStore(folder);

/** What is stored. @throws CmsProblem no_license_document when there is none, `document_…` when it is not to be trusted */
export const storedLicenses = async (invocation: Invocation, settings: Settings): Promise<StoredLicenses> => {
  const found = await storeOf(invocation).read(settings);
  if (found) return found;
  throw new CmsProblem({
    code: 'no_license_document',
    title: 'There is no license document on this SmartServer yet',
    detail: 'Nothing was downloaded or added so far.',
    advice: 'Download licenses from the cloud, or add a license file.',
  });
};

/**
 * The time by which expiry is judged here. @returns also seconds by which the clock is known to be behind, of which the Owner is warned
 * @param newestIssuedAt null when nothing is stored
 */
export const timeHere = (
  { machine, terminal }: Invocation,
  newestIssuedAt: Date | null,
): { now: Date; behindSeconds: number } => {
  const clock = machine.now();
  const behindSeconds = secondsBehind(clock, newestIssuedAt);
  if (behindSeconds > 0) {
    terminal.err(
      `Note: the clock of this SmartServer is at least ${durationText(behindSeconds)} behind: its license document was issued later. Set the clock. Until then the time of issue counts.`,
    );
  }
  return { now: judgedTime(clock, newestIssuedAt), behindSeconds };
};

/**
 * The licenses that count here, and the time by which they are judged. None where no document was ever stored.
 * @throws CmsProblem `document_…` when what is stored is not to be trusted
 */
export const licensesHere = async (
  invocation: Invocation,
  settings: Settings,
): Promise<{ installCode: string; licenses: DocumentLicense[]; at: Date }> => {
  const found = await storeOf(invocation).read(settings);
  const { now } = timeHere(invocation, found?.stored.newestIssuedAt ?? null);
  return { installCode: settings.installCode, licenses: found?.licenses ?? [], at: now };
};

/** Asks, unless --yes was given. @throws CmsProblem not_confirmed, or confirmation_needed without a terminal to ask on */
export const confirm = async (
  { options: { yes }, terminal }: Invocation,
  { question, title, detail }: { question: string; title: string; detail: string },
): Promise<void> => {
  const confirmed = yes || (await terminal.confirm(question));
  if (confirmed) return;
  const code = confirmed === null ? 'confirmation_needed' : 'not_confirmed';
  throw new CmsProblem({ code, title, detail, advice: 'Confirm it, or give --yes.' });
};
