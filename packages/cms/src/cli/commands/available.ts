import { type Command, cloudOf, linkedSettingsOf, signIn } from '../command.ts';
import { instantText, printable, table } from '../text.ts';

/** What the account has in the cloud, ready to be downloaded. */
export const available: Command = async (invocation) => {
  const settings = await linkedSettingsOf(invocation);
  const cloud = await cloudOf(invocation, settings);
  const { customerName } = await signIn(cloud, invocation.terminal);
  const items = await cloud.available();
  const rows = items.map(({ description, expiresAt, termYears, licenseId }) => [
    printable(description),
    expiresAt === null && termYears !== null
      ? `${termYears} ${termYears === 1 ? 'year' : 'years'} after activation`
      : instantText(expiresAt),
    licenseId,
  ]);
  const text =
    rows.length === 0
      ? `${printable(customerName)} has no licenses in the cloud that could be downloaded.`
      : `Licenses of ${printable(customerName)} in the cloud:\n\n${table(['Description', 'Expires', 'License ID'], rows)}`;
  return { json: { customerName, items }, text };
};
