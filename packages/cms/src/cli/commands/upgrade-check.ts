import { UsageError } from '@smartserver/command-line';
import type { UpgradeCheck, UpgradeReason } from '@smartserver/contracts';
import { parseVersion, type ReleaseClass } from '@smartserver/rules';
import type { Settings } from '../../folder/settings.ts';
import { offlineUpgradeCheck } from '../../maintenance/offline.ts';
import { CmsProblem } from '../../problem.ts';
import {
  type Command,
  cloudOf,
  type Invocation,
  licensesHere,
  linkedSettingsOf,
  settingsOf,
  signIn,
} from '../command.ts';
import { countDevices, instantText, printable } from '../text.ts';
import type { VersionText } from '../values.ts';

type UpgradeOptions = { to: VersionText; from?: VersionText; offline: boolean; releaseClass?: ReleaseClass };

/**
 * Whether this SmartServer may install a release. The cloud is asked; with --offline the stored license document is, by the same
 * rules. A refusal is an answer, so the exit code is 0.
 */
export const upgradeCheck: Command<UpgradeOptions> = async (invocation) => {
  const { offline, releaseClass } = invocation.options;
  if (releaseClass !== undefined && !offline) {
    throw new UsageError('--release-class goes with --offline: the cloud has the catalogue of releases.');
  }
  const answer = await (offline ? checkedHere(invocation) : checkedByCloud(invocation));
  const source = offline ? 'license_document' : 'cloud';
  return { json: { ...answer, source }, text: inWords(answer) };
};

const checkedHere = async (invocation: Invocation<UpgradeOptions>): Promise<UpgradeCheck> => {
  const settings = await settingsOf(invocation);
  const { releaseClass } = invocation.options;
  const versions = versionsOf(invocation, settings);
  return offlineUpgradeCheck(await licensesHere(invocation, settings), { ...versions, releaseClass });
};

const checkedByCloud = async (invocation: Invocation<UpgradeOptions>): Promise<UpgradeCheck> => {
  const settings = await linkedSettingsOf(invocation);
  const { from, to } = versionsOf(invocation, settings);
  const cloud = await cloudOf(invocation, settings);
  await signIn(cloud, invocation.terminal);
  return cloud.upgradeCheck({ fromVersion: from.text, toVersion: to.text });
};

/** @throws CmsProblem version_unreadable when the version that runs here was not given in a form that can be compared */
const versionsOf = (
  { options: { to, from } }: Invocation<UpgradeOptions>,
  { softwareVersion }: Settings,
): { from: VersionText; to: VersionText } => {
  const version = parseVersion(softwareVersion);
  if (from !== undefined) return { from, to };
  if (version !== null) return { from: { text: softwareVersion, version }, to };
  throw new CmsProblem({
    code: 'version_unreadable',
    title: 'The software version of this SmartServer cannot be compared',
    detail: `It is not a version like 3.3, "3.3 Update 1" or 4.40.012.`,
    advice: 'Say which version runs here: --from VERSION.',
  });
};

const reasons: Readonly<Record<UpgradeReason, (answer: UpgradeCheck) => string>> = {
  same_or_older: () => 'It is the same release or an older one.',
  license_free: () => 'Releases below 3.3 need no license.',
  update: () => 'An update of the same release needs no maintenance.',
  covered: () => 'The maintenance on this SmartServer covers its capacity.',
  no_maintenance: () => 'An upgrade needs maintenance, and no maintenance is in force on this SmartServer.',
  maintenance_expired: ({ expiredAt }) => `Its maintenance expired on ${instantText(expiredAt)}. Renew it first.`,
  maintenance_insufficient: ({ missingDevices }) =>
    `Its maintenance is for fewer devices than its capacity: ${countDevices(missingDevices ?? 0)} more are needed.`,
  not_covered: () => 'Maintenance does not cover platform releases. Contact EnOcean Customer Success.',
};

const inWords = (answer: UpgradeCheck): string => {
  const { allowed, reason, installCode, fromVersion, toVersion } = answer;
  return [
    `${allowed ? 'Allowed' : 'Refused'}: ${installCode} from ${printable(fromVersion)} to ${printable(toVersion)}.`,
    reasons[reason](answer),
    ...(allowed ? [] : ['Devices that run are not affected.']),
  ].join('\n');
};
