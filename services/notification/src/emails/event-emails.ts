import type { EventPayloads, Language, LicenseSummary } from '@smartserver/contracts';
import { type EmailContent, oneLine } from './content.ts';
import { WORDS, type Words } from './words.ts';

/** Whom an e-mail is for, and which account it is about. Names are as people typed them. */
export type Addressee = { name: string; language: Language; customerName: string };

/** @param at when the licenses moved, RFC 3339 */
export const transferredEmail = (
  to: Addressee,
  data: Pick<EventPayloads['licenses.transferred.1'], 'licenses'>,
  at: string,
): EmailContent => {
  const words = WORDS[to.language];
  const customer = oneLine(to.customerName);
  const count = data.licenses.length;
  return email(to, {
    headline: words.transferred.headline(count, customer),
    paragraphs: [words.transferred.text(count, customer)],
    facts: [
      { label: words.labels.customer, value: customer },
      { label: words.labels.when, value: instantText(at, to.language) },
    ],
    table: {
      caption: words.labels.licenses,
      columns: [words.labels.license, words.labels.devices, words.labels.licenseId],
      rows: data.licenses.map((license) => licenseCells(license, words, to.language)),
    },
    advice: words.advice.transferred,
  });
};

/** @param at when the licenses were activated, RFC 3339 */
export const activatedEmail = (
  to: Addressee,
  data: Pick<EventPayloads['licenses.activated.1'], 'installCode' | 'segmentName' | 'mode' | 'licenses'>,
  at: string,
): EmailContent => {
  const words = WORDS[to.language];
  const segment = oneLine(data.segmentName);
  const installCode = oneLine(data.installCode);
  const count = data.licenses.length;
  return email(to, {
    headline: words.activated.headline(count, segment, installCode),
    paragraphs: [words.activated.text[data.mode](count, segment)],
    facts: [
      { label: words.labels.customer, value: oneLine(to.customerName) },
      { label: words.labels.segmentController, value: segment },
      { label: words.labels.installCode, value: installCode },
      { label: words.labels.mode, value: words.modes[data.mode] },
      { label: words.labels.when, value: instantText(at, to.language) },
    ],
    table: {
      caption: words.labels.licenses,
      columns: [words.labels.license, words.labels.devices, words.labels.expires, words.labels.licenseId],
      rows: data.licenses.map((license) => {
        const [kind, devices, id] = licenseCells(license, words, to.language);
        const expires = license.expiresAt === null ? words.never : instantText(license.expiresAt, to.language);
        return [kind, devices, expires, id];
      }),
    },
    advice: words.advice.activated[data.mode],
  });
};

/** For the contacts of the former and of the new account; neither learns the other's name. [domain.md rule 13] */
export const relinkedEmail = (
  to: Addressee,
  data: Pick<EventPayloads['controller.relinked.1'], 'installCode' | 'at'>,
): EmailContent => {
  const words = WORDS[to.language];
  const customer = oneLine(to.customerName);
  const installCode = oneLine(data.installCode);
  return email(to, {
    headline: words.relinked.headline(installCode),
    paragraphs: [words.relinked.text(installCode, customer), words.relinked.noLoss],
    facts: [
      { label: words.labels.customer, value: customer },
      { label: words.labels.installCode, value: installCode },
      { label: words.labels.when, value: instantText(data.at, to.language) },
    ],
    table: null,
    advice: words.advice.relinked,
  });
};

type Content = Pick<EmailContent, 'headline' | 'paragraphs' | 'facts' | 'table'> & { advice: string };

const email = (to: Addressee, { advice, ...content }: Content): EmailContent => {
  const words = WORDS[to.language];
  return {
    language: to.language,
    greeting: words.greeting(oneLine(to.name)),
    ...content,
    advice: { heading: words.unexpected, text: advice },
    footer: words.footer(oneLine(to.customerName)),
  };
};

const licenseCells = (license: LicenseSummary, words: Words, language: Language): [string, string, string] => {
  const devices = new Intl.NumberFormat(language).format(license.deviceCount);
  return [words.kinds[license.kind], devices, license.licenseId];
};

/** Day and minute, said to be UTC: readers sit in many time zones. */
export const instantText = (instant: string, language: Language): string => {
  const format = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${format.format(new Date(instant))} UTC`;
};
