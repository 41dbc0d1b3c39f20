import { type OfflineCoverage, offlineCoverage } from '../../maintenance/offline.ts';
import {
  type Command,
  cloudOf,
  type Invocation,
  licensesHere,
  linkedSettingsOf,
  settingsOf,
  signIn,
} from '../command.ts';
import { countDevices, facts, instantText, table } from '../text.ts';

/** Whether the maintenance on this SmartServer covers its capacity: as the cloud says, or with --offline its license document. */
export const coverage: Command<{ offline: boolean }> = async (invocation) => {
  const { offline } = invocation.options;
  const answer = await (offline ? computedHere(invocation) : askedFromCloud(invocation));
  return { json: { ...answer, source: offline ? 'license_document' : 'cloud' }, text: inWords(answer) };
};

const computedHere = async (invocation: Invocation): Promise<OfflineCoverage> =>
  offlineCoverage(await licensesHere(invocation, await settingsOf(invocation)));

const askedFromCloud = async (invocation: Invocation): Promise<OfflineCoverage> => {
  const cloud = await cloudOf(invocation, await linkedSettingsOf(invocation));
  await signIn(cloud, invocation.terminal);
  return cloud.coverage();
};

const inWords = (answer: OfflineCoverage): string => {
  const { installCode, at, covered, capacityDevices, maintainedDevices, missingDevices, coveredUntil } = answer;
  const rows = answer.maintenance.map(({ licenseId, deviceCount, startsAt, expiresAt, state }) => [
    countDevices(deviceCount),
    state === 'not_started' ? `starts ${instantText(startsAt)}` : state,
    instantText(expiresAt),
    licenseId,
  ]);
  const verdict = covered ? 'Covered' : `Not covered: maintenance for ${countDevices(missingDevices)} is missing`;
  const until = coveredUntil === null ? '' : ` until ${instantText(coveredUntil)}`;
  return [
    `${verdict}${until}.`,
    '',
    facts([
      ['Install code', installCode],
      ['Capacity', countDevices(capacityDevices)],
      ['Maintenance', countDevices(maintainedDevices)],
      ['Judged at', instantText(at)],
    ]),
    ...(rows.length === 0 ? [] : ['', table(['Maintenance', 'Status', 'Expires', 'License ID'], rows)]),
  ].join('\n');
};
