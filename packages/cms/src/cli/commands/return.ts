import type { VerifiedDocument } from '@smartserver/license-document';
import { CmsProblem } from '../../problem.ts';
import { type Command, cloudOf, type Invocation, settingsOf, signIn, storeOf } from '../command.ts';
import { countLicenses } from '../text.ts';

/** Transfers licenses back to the cloud and stores the new license document, which is without them. */
export const returnLicenses: Command = async (invocation) => {
  const settings = await settingsOf(invocation);
  const { all, licenseIds } = invocation.arguments;
  const store = storeOf(invocation);
  if (leavesNothing(await store.read(settings), invocation)) await confirmFullReturn(invocation);

  const cloud = await cloudOf(invocation, settings);
  await signIn(cloud, invocation.terminal);
  const serial = (await store.serial()) ?? 0;
  const result = await cloud.return(all ? { all: true } : { licenseIds }, serial);
  const { document } = await store.accept(result.document.jws, settings);
  const text = [
    `${countLicenses(result.returned.length)} transferred back to the cloud. License document ${document.serial} is verified and stored: ${countLicenses(document.licenses.length)} left on ${settings.installCode}.`,
    ...result.returned.map((licenseId) => `  ${licenseId}`),
  ].join('\n');
  return { json: { returned: result.returned, serial: document.serial }, text };
};

/** A full return leaves no device licensed, and asks for confirmation [domain.md rule 10]. */
function leavesNothing(stored: VerifiedDocument | null, { arguments: { all, licenseIds } }: Invocation): boolean {
  if (all) return true;
  const held = stored?.document.licenses ?? [];
  return held.length > 0 && held.every((license) => licenseIds.includes(license.licenseId));
}

async function confirmFullReturn({ arguments: { yes }, terminal }: Invocation): Promise<void> {
  if (yes) return;
  const question =
    'This leaves no license on this SmartServer, and none of its devices licensed. Transfer all of them back?';
  const confirmed = await terminal.confirm(question);
  if (confirmed) return;
  throw new CmsProblem({
    code: confirmed === null ? 'confirmation_needed' : 'not_confirmed',
    title: 'Nothing was transferred',
    detail: 'A full return leaves no device licensed, so it must be confirmed.',
    advice: 'Confirm it, or give --yes.',
  });
}
