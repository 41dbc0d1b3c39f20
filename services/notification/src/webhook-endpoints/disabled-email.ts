import type { Language } from '@smartserver/contracts';
import { type EmailContent, oneLine } from '../emails/content.ts';
import { instantText } from '../emails/event-emails.ts';
import { WORDS } from '../emails/words.ts';

/** What the e-mail says of an endpoint. Of its address only the host: the rest may hold a secret. */
export type DisabledEndpoint = {
  endpointId: string;
  host: string;
  description: string;
  reason: 'failing' | 'gone';
  at: Date;
};

const en = {
  headline: (host: string) => `Webhooks to ${host} have been disabled`,
  reasons: {
    failing:
      'For five days no webhook has arrived at this endpoint, in at least 20 attempts. It has therefore been disabled.',
    gone: 'The receiver answered “410 Gone”: it wants no more webhooks. The endpoint has therefore been disabled.',
  },
  consequence: 'Nothing is sent there any more. What had not arrived by then counts as failed; it can be sent again.',
  labels: { host: 'Receiver', description: 'Description', endpointId: 'Endpoint ID', when: 'When' },
  advice: {
    heading: 'What to do',
    text: 'Put the receiver right, then enable the endpoint over the API (PUT, "enabled": true) and have failed deliveries sent again. They are kept for 30 days. If the receiver is no longer needed, delete the endpoint.',
  },
  footer:
    'You receive this e-mail because your address is given at this webhook endpoint or for digests. It was sent automatically by the SmartServer license management.',
};

const de: typeof en = {
  headline: (host) => `Webhooks an ${host} wurden abgeschaltet`,
  reasons: {
    failing:
      'Seit fünf Tagen ist bei diesem Endpunkt kein Webhook angekommen, bei mindestens 20 Versuchen. Er wurde deshalb abgeschaltet.',
    gone: 'Der Empfänger hat mit „410 Gone“ geantwortet: Er möchte keine Webhooks mehr. Der Endpunkt wurde deshalb abgeschaltet.',
  },
  consequence:
    'Dorthin wird nichts mehr gesendet. Was bis dahin nicht angekommen war, gilt als fehlgeschlagen; es kann erneut gesendet werden.',
  labels: { host: 'Empfänger', description: 'Beschreibung', endpointId: 'Endpunkt-ID', when: 'Zeitpunkt' },
  advice: {
    heading: 'Was zu tun ist',
    text: 'Bringen Sie den Empfänger in Ordnung, schalten Sie den Endpunkt über die API wieder ein (PUT, "enabled": true) und lassen Sie fehlgeschlagene Zustellungen erneut senden. Sie werden 30 Tage aufbewahrt. Wird der Empfänger nicht mehr gebraucht, löschen Sie den Endpunkt.',
  },
  footer:
    'Sie erhalten diese E-Mail, weil Ihre Adresse bei diesem Webhook-Endpunkt oder für Übersichten eingetragen ist. Sie wurde von der SmartServer-Lizenzverwaltung automatisch gesendet.',
};

const TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

/** Says that a webhook endpoint was disabled, why, and what to do. */
export const disabledEmail = (language: Language, endpoint: DisabledEndpoint): EmailContent => {
  const texts = TEXTS[language];
  const host = oneLine(endpoint.host);
  const description = oneLine(endpoint.description);
  return {
    language,
    greeting: WORDS[language].greeting(''),
    headline: texts.headline(host),
    paragraphs: [texts.reasons[endpoint.reason], texts.consequence],
    facts: [
      { label: texts.labels.host, value: host },
      ...(description === '' ? [] : [{ label: texts.labels.description, value: description }]),
      { label: texts.labels.endpointId, value: endpoint.endpointId },
      { label: texts.labels.when, value: instantText(endpoint.at.toISOString(), language) },
    ],
    table: null,
    advice: texts.advice,
    footer: texts.footer,
  };
};
