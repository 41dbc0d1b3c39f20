import type { PortalCodeMessage } from '@smartserver/contracts';
import type { EmailContent } from '../emails/content.ts';
import { instantText } from '../emails/event-emails.ts';
import { WORDS } from '../emails/words.ts';
import { SIGN_IN_WORDS } from './sign-in-words.ts';

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

/** What account sealed. @returns null when it is something else */
export const asPortalCodeMessage = (value: unknown): PortalCodeMessage | null => {
  const { recipient, language, code } = (value ?? {}) as Partial<PortalCodeMessage>;
  const isSound =
    (recipient === null || typeof recipient === 'string') &&
    (language === 'en' || language === 'de') &&
    typeof code === 'string' &&
    /^[0-9]{6}$/.test(code);
  return isSound ? { recipient, language, code } : null;
};
