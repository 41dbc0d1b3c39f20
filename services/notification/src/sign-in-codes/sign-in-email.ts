import type { Language, PortalCodeMessage } from '@smartserver/contracts';
import type { EmailContent } from '../emails/content.ts';
import { instantText } from '../emails/event-emails.ts';
import { WORDS } from '../emails/words.ts';

const en = {
  headline: 'Your sign-in code for the License Customer Portal',
  code: 'Your code is',
  life: 'It is valid for 10 minutes and signs you in once.',
  until: 'Valid until',
  unexpected: 'If you did not ask for a code',
  advice:
    'Ignore this e-mail: nobody can sign in without the code. Do not pass it on; neither EnOcean nor your SmartServer partner will ever ask you for it.',
  footer:
    'You receive this e-mail because somebody entered your address to sign in to the SmartServer License Customer Portal. It was sent automatically by the SmartServer license management.',
};

const de: typeof en = {
  headline: 'Ihr Anmeldecode für das License Customer Portal',
  code: 'Ihr Code lautet',
  life: 'Er ist 10 Minuten gültig und meldet Sie einmal an.',
  until: 'Gültig bis',
  unexpected: 'Falls Sie keinen Code angefordert haben',
  advice:
    'Ignorieren Sie diese E-Mail: Ohne den Code kann sich niemand anmelden. Geben Sie ihn nicht weiter; weder EnOcean noch Ihr SmartServer-Partner werden Sie je danach fragen.',
  footer:
    'Sie erhalten diese E-Mail, weil jemand Ihre Adresse eingegeben hat, um sich beim SmartServer License Customer Portal anzumelden. Sie wurde automatisch von der SmartServer-Lizenzverwaltung gesendet.',
};

const SIGN_IN_WORDS: Readonly<Record<Language, typeof en>> = { en, de };

/** An e-mail with a sign-in code. Its subject does not hold the code: mail servers log subjects, telephones show them locked. */
export const signInEmail = (
  { code, language }: Pick<PortalCodeMessage, 'code' | 'language'>,
  expiresAt: Date,
): EmailContent => {
  const words = SIGN_IN_WORDS[language];
  return {
    language,
    headline: words.headline,
    greeting: WORDS[language].greeting(''),
    code: { label: words.code, value: code },
    paragraphs: [words.life],
    facts: [{ label: words.until, value: instantText(expiresAt.toISOString(), language) }],
    table: null,
    advice: { heading: words.unexpected, text: words.advice },
    footer: words.footer,
  };
};
