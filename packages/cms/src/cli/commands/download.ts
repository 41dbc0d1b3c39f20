import type { Activation } from '@smartserver/contracts';
import { type ChosenLicenses, type Command, cloudOf, linkedSettingsOf, signIn, storeOf } from '../command.ts';
import { requireAnswered } from '../newest.ts';
import { countLicenses, describeLicense, instantText, table } from '../text.ts';

/** Downloads licenses from the cloud: activates them on this controller and stores the new license document. */
export const download: Command<ChosenLicenses> = async (invocation) => {
  const settings = await linkedSettingsOf(invocation);
  const cloud = await cloudOf(invocation, settings);
  await signIn(cloud, invocation.terminal);
  await requireAnswered(invocation, settings, cloud);
  const { all, licenseIds } = invocation.options;
  const wanted = all ? (await cloud.available()).map((license) => license.licenseId) : licenseIds;
  if (wanted.length === 0) {
    return { json: { activations: [], serial: null }, text: 'The account has no licenses in the cloud to download.' };
  }

  const store = storeOf(invocation);
  const activations: Activation[] = [];
  let document = null;
  for await (const result of cloud.activate(wanted, await store.serial(settings))) {
    // Stored at once, part by part: what the cloud has activated must not be lost with a later part.
    ({ document } = await store.accept(result.document.jws, settings));
    activations.push(...result.activations);
  }
  const held = new Map(document?.licenses.map((license) => [license.licenseId, license]));
  const rows = activations.map(({ licenseId, activatedAt, expiresAt }) => {
    const license = held.get(licenseId);
    return [license ? describeLicense(license) : '', instantText(activatedAt), instantText(expiresAt), licenseId];
  });
  const serial = document?.serial ?? null;
  const text = [
    `${countLicenses(rows.length)} downloaded and activated on ${settings.installCode}. License document ${serial} is verified and stored.`,
    '',
    table(['Description', 'Activation date', 'Expires', 'License ID'], rows),
  ].join('\n');
  return { json: { activations, serial }, text };
};
