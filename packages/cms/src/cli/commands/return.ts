import { UsageError } from '@smartserver/command-line';
import type { StoredLicenses } from '../../folder/license-store.ts';
import {
  type ChosenLicenses,
  type Command,
  cloudOf,
  type Invocation,
  linkedSettingsOf,
  signIn,
  storeOf,
} from '../command.ts';
import { requireAnswered } from '../newest.ts';
import { countLicenses } from '../text.ts';
import { confirmFullReturn } from './confirm-return.ts';
import { type ReturnOptions, returnOffline } from './return-offline.ts';

/** Transfers licenses back to the cloud: through the network, or with a receipt that the customer uploads. */
export const returnLicenses: Command<ReturnOptions> = (invocation) =>
  invocation.options.offline ? returnOffline(invocation) : returnOnline(invocation);

/** Asks the cloud, and stores the new license document, which is without them. */
const returnOnline: Command<ReturnOptions> = async (invocation) => {
  if (invocation.options.out !== undefined) throw new UsageError('--out goes with return --offline.');
  const settings = await linkedSettingsOf(invocation);
  const { all, licenseIds } = invocation.options;
  const store = storeOf(invocation);
  if (leavesNothing(await store.read(settings), invocation)) await confirmFullReturn(invocation);

  const cloud = await cloudOf(invocation, settings);
  await signIn(cloud, invocation.terminal);
  await requireAnswered(invocation, settings, cloud);
  const result = await cloud.return(all ? { all: true } : { licenseIds }, await store.serial(settings));
  const { document } = await store.accept(result.document.jws, settings);
  const text = [
    `${countLicenses(result.returned.length)} transferred back to the cloud. License document ${document.serial} is verified and stored: ${countLicenses(document.licenses.length)} left on ${settings.installCode}.`,
    ...result.returned.map((licenseId) => `  ${licenseId}`),
  ].join('\n');
  return { json: { returned: result.returned, serial: document.serial }, text };
};

const leavesNothing = (
  stored: StoredLicenses | null,
  { options: { all, licenseIds } }: Invocation<ChosenLicenses>,
): boolean => {
  if (all) return true;
  const held = stored?.licenses ?? [];
  return held.length > 0 && held.every((license) => licenseIds.includes(license.licenseId));
};
