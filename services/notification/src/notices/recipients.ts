import type { Language, PutDigestSettingsRequest, PutNotificationSettingsRequest } from '@smartserver/contracts';
import type { Contact } from '../customers/customer.ts';

export type Recipient = { email: string; name: string; language: Language };

type Told = Pick<PutNotificationSettingsRequest, 'contacts' | 'recipients' | 'language'>;

/**
 * Who is told of an account's maintenance: its contacts, each in its own language, and the further addresses; each once, whatever
 * the case.
 * @param silenced addresses that are told nothing, in lower case
 */
export const accountRecipients = (
  settings: Told,
  contacts: readonly Contact[],
  silenced: ReadonlySet<string>,
): Recipient[] => {
  const further = settings.recipients.map((email) => ({ email, name: '', language: settings.language }));
  return eachOnce([...(settings.contacts ? contacts : []), ...further], silenced);
};

export const digestRecipients = (
  { recipients, language }: Pick<PutDigestSettingsRequest, 'recipients' | 'language'>,
  silenced: ReadonlySet<string>,
): Recipient[] =>
  eachOnce(
    recipients.map((email) => ({ email, name: '', language })),
    silenced,
  );

const eachOnce = (recipients: readonly Recipient[], silenced: ReadonlySet<string>): Recipient[] => {
  const known = new Set(silenced);
  return recipients.filter(({ email }) => {
    const address = email.toLowerCase();
    if (known.has(address)) return false;
    known.add(address);
    return true;
  });
};
