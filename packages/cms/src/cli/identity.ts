import { UsageError } from '@smartserver/command-line';
import type { Settings } from '../folder/settings.ts';
import { otherSmartServer } from '../problem.ts';

/** Options of `link` and `init` that say what a SmartServer is. */
export type IdentityOptions = {
  installCode?: string;
  segmentName?: string;
  softwareVersion?: string;
  rootKey?: string;
};

const defaults = { segmentName: 'SmartServer', softwareVersion: '4.40.012' };

/**
 * What a SmartServer is: as given now, else as it was given before.
 * @throws UsageError without an install code; CmsProblem other_smartserver when the folder has another one
 */
export const identityOf = (
  command: string,
  given: IdentityOptions,
  before: Settings | null,
): Pick<Settings, 'installCode' | 'segmentName' | 'softwareVersion'> => {
  const installCode = needed(command, 'install-code', given.installCode ?? before?.installCode);
  if (before && before.installCode !== installCode) throw otherSmartServer(before.installCode);
  return {
    installCode,
    segmentName: given.segmentName ?? before?.segmentName ?? defaults.segmentName,
    softwareVersion: given.softwareVersion ?? before?.softwareVersion ?? defaults.softwareVersion,
  };
};

/** @throws UsageError naming the command and the option that it lacks */
export const needed = <T>(command: string, option: string, value: T | undefined): T => {
  if (value === undefined) throw new UsageError(`${command} needs --${option}.`);
  return value;
};
