import { type DocumentLicense, FileError } from '@smartserver/license-document';
import { requireDeviceKey } from '../../folder/device-key.ts';
import { outFile, writeGivenFile } from '../../folder/given-file.ts';
import type { StoredLicenses } from '../../folder/license-store.ts';
import { isAnswered, type OfflineReturn, returnable } from '../../folder/offline-returns.ts';
import type { Settings } from '../../folder/settings.ts';
import { CmsProblem } from '../../problem.ts';
import {
  type ChosenLicenses,
  type Command,
  confirm,
  type Invocation,
  settingsOf,
  storedLicenses,
  storeOf,
  timeHere,
} from '../command.ts';
import { countLicenses, printable } from '../text.ts';
import { confirmFullReturn } from './confirm-return.ts';

/** `out`: where the receipt is written. */
export type ReturnOptions = ChosenLicenses & { offline: boolean; out?: string };

/** At most so many fit into one receipt. */
const licensesAtOnce = 500;

/**
 * Returns licenses without network. They are removed first, for good, and then the receipt is written that frees them in the
 * cloud: there is never a receipt for a license that is still in use here. The same command again writes the same receipt, so
 * that one that was lost, or never written, can be made again.
 */
export const returnOffline: Command<ReturnOptions> = async (invocation) => {
  const { all, licenseIds, out } = invocation.options;
  const settings = await settingsOf(invocation);
  const found = await storedLicenses(invocation, settings);
  const here = returnable(found.stored.document, found.returns);
  const licenses = all ? here : here.filter(({ licenseId }) => licenseIds.includes(licenseId));
  const earlier = all ? lastOpenReturn(found, here) : returnOf(found, here, licenseIds);
  const file = (serial: number) => outFile(out, `smartserver-${settings.installCode}-${serial}.ret`);
  // Before anything is removed: that the receipt cannot be written there should not be found out only then.
  await file((earlier?.serial ?? (await storeOf(invocation).serial(settings))) + (earlier ? 0 : 1));

  const returned = earlier ?? (await remove(invocation, settings, found, licenses));
  const path = await file(returned.serial);
  await writeReceipt(path, returned);

  const left = (await storedLicenses(invocation, settings)).licenses.length;
  const ids = returned.licenses.map(({ licenseId }) => licenseId);
  const text = [
    earlier
      ? `${countLicenses(ids.length)} returned offline before. The same receipt is in ${printable(path)}.`
      : `${countLicenses(ids.length)} removed from ${settings.installCode}: ${countLicenses(left)} left. The receipt is in ${printable(path)}.`,
    ...ids.map((licenseId) => `  ${licenseId}`),
    '',
    'Sign in to the License Customer Portal and upload the receipt: that makes them free again. Keep it until then.',
  ].join('\n');
  const { serial, returnedAt } = returned;
  return { json: { file: path, returned: ids, serial, returnedAt, again: earlier !== null, left }, text };
};

const remove = async (
  invocation: Invocation,
  settings: Settings,
  found: StoredLicenses,
  licenses: DocumentLicense[],
): Promise<OfflineReturn> => {
  if (licenses.length > licensesAtOnce) throw tooMany();
  const deviceKey = await requireDeviceKey(invocation.options.folder);
  if (leavesNothing(found, licenses)) await confirmFullReturn(invocation);
  if (!settings.deviceKeyShown) await confirmUnknownKey(invocation);
  const { now: createdAt } = timeHere(invocation, found.stored.newestIssuedAt);
  try {
    const making = { deviceKey, createdAt, nonce: invocation.machine.uuid() };
    return await storeOf(invocation).remove(found, licenses, settings, making);
  } catch (error) {
    if (error instanceof FileError) throw noReceipt(error);
    throw error;
  }
};

/** Of what can still be used here. What only needs another receipt is gone already. */
const leavesNothing = ({ licenses }: StoredLicenses, leaving: readonly DocumentLicense[]): boolean =>
  licenses.length > 0 && licenses.every((license) => leaving.includes(license));

/** For `--all`: nothing, when there is something to return; else the last return that the cloud does not know of. */
const lastOpenReturn = (
  { returns, stored }: StoredLicenses,
  here: readonly DocumentLicense[],
): OfflineReturn | null => {
  if (here.length > 0) return null;
  const last = returns.filter((returned) => !isAnswered(returned, stored.document)).at(-1);
  if (!last) throw notHere('No license is on this SmartServer.', []);
  return last;
};

/**
 * The return that had these licenses, all of them; null when all of them are to be returned now.
 * @throws CmsProblem license_not_on_controller, or license_returned when they do not go together
 */
const returnOf = (
  { returns }: StoredLicenses,
  here: readonly DocumentLicense[],
  wanted: readonly string[],
): OfflineReturn | null => {
  const ids = new Set(here.map(({ licenseId }) => licenseId));
  const gone = wanted.filter((licenseId) => !ids.has(licenseId));
  if (gone.length === 0) return null;
  const last = (id: string) => returns.findLast((one) => one.licenses.some(({ licenseId }) => licenseId === id));
  const unknown = gone.filter((licenseId) => !last(licenseId));
  if (unknown.length > 0) throw notHere('Nothing was removed.', unknown);
  const [first, ...others] = new Set(wanted.map((licenseId) => (ids.has(licenseId) ? null : last(licenseId))));
  if (!first || others.length > 0) throw returnedBySeveral(gone);
  return first;
};

const writeReceipt = async (path: string, { receipt }: OfflineReturn): Promise<void> => {
  try {
    await writeGivenFile(path, receipt);
  } catch (error) {
    if (!(error instanceof CmsProblem)) throw error;
    const { code, title, detail } = error;
    const advice = 'The licenses are removed. Run the same command again with another --out to get the receipt.';
    throw new CmsProblem({ code, title, detail, advice });
  }
};

const confirmUnknownKey = (invocation: Invocation) =>
  confirm(invocation, {
    question:
      'This SmartServer never made a request file and was never online, so the cloud may not know its device key and would refuse the receipt. Return the licenses nevertheless?',
    title: 'Nothing was returned',
    detail:
      'The cloud may not know the device key of this SmartServer. A request file, uploaded first, brings it there.',
  });

const notHere = (detail: string, licenseIds: readonly string[]) =>
  new CmsProblem({
    code: 'license_not_on_controller',
    title: 'The license is not on this SmartServer',
    detail,
    advice: 'The licenses command shows what is here.',
    items: licenseIds.map((licenseId) => `License ${licenseId}`),
  });

const returnedBySeveral = (licenseIds: readonly string[]) =>
  new CmsProblem({
    code: 'license_returned',
    title: 'These licenses are not of one receipt',
    detail: 'Some of them were returned offline before. Nothing was removed.',
    advice:
      'Run return --offline for each of them separately: those that were returned before get their receipt again.',
    items: licenseIds.map((licenseId) => `License ${licenseId} was returned before`),
  });

const tooMany = () =>
  new CmsProblem({
    code: 'too_many_licenses',
    title: 'One receipt takes at most 500 licenses',
    detail: 'Nothing was removed.',
    advice: 'Name at most 500 License IDs at a time.',
  });

const noReceipt = (error: FileError) =>
  new CmsProblem({
    code: 'receipt_impossible',
    title: 'The receipt cannot be made',
    detail: `${error.message} Nothing was removed.`,
    advice: 'Contact EnOcean Customer Success.',
  });
