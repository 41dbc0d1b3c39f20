import type { Language, PutNotificationSettingsRequest } from '@smartserver/contracts';
import { type EmailContent, oneLine } from '../emails/content.ts';
import type { Addressee } from '../emails/event-emails.ts';
import { WORDS } from '../emails/words.ts';

type Settings = Pick<PutNotificationSettingsRequest, 'thresholds' | 'expirations' | 'renewals'>;

const en = {
  headline: (customer: string) => `Test of the notifications for ${customer}`,
  text: (customer: string) =>
    `This is a test: somebody who may edit the notification settings of the customer/project ${customer} has asked for it. Notifications of its maintenance would have reached you.`,
  labels: { customer: 'Customer/project', expirations: 'Before it expires', renewals: 'When it is renewed' },
  expirations: (days: string) => `${days} days before (0: on the day itself)`,
  on: 'yes',
  off: 'no',
  todo: 'What to do',
  advice: 'Nothing.',
};

const de: typeof en = {
  headline: (customer) => `Test der Benachrichtigungen für ${customer}`,
  text: (customer) =>
    `Dies ist ein Test: Jemand, der die Benachrichtigungseinstellungen des Kunden/Projekts ${customer} ändern darf, hat darum gebeten. Benachrichtigungen über seine Wartung hätten Sie erreicht.`,
  labels: { customer: 'Kunde/Projekt', expirations: 'Vor dem Ablauf', renewals: 'Bei Verlängerung' },
  expirations: (days) => `${days} Tage vorher (0: am Tag selbst)`,
  on: 'ja',
  off: 'nein',
  todo: 'Was zu tun ist',
  advice: 'Nichts.',
};

const TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

export const testEmail = (to: Addressee, settings: Settings): EmailContent => {
  const texts = TEXTS[to.language];
  const customer = oneLine(to.customerName);
  const thresholds = settings.thresholds.join(', ');
  const beforeExpiry = settings.expirations && thresholds !== '';
  return {
    language: to.language,
    greeting: WORDS[to.language].greeting(oneLine(to.name)),
    headline: texts.headline(customer),
    paragraphs: [texts.text(customer)],
    facts: [
      { label: texts.labels.customer, value: customer },
      { label: texts.labels.expirations, value: beforeExpiry ? texts.expirations(thresholds) : texts.off },
      { label: texts.labels.renewals, value: settings.renewals ? texts.on : texts.off },
    ],
    table: null,
    advice: { heading: texts.todo, text: texts.advice },
    footer: WORDS[to.language].footer(customer),
  };
};
