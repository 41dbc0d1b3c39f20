import type { Language } from '@smartserver/contracts';

const en = {
  link: 'Unsubscribe from e-mails about maintenance',
  title: 'Unsubscribe',
  ask: (recipient: string) => `Send no more e-mails about the maintenance of SmartServers to ${recipient}?`,
  consequence:
    'You will not be told when maintenance is about to end. SmartServers go on running, but are not upgraded without it.',
  yes: 'Unsubscribe',
  done: 'You are unsubscribed',
  doneText: (recipient: string) => `${recipient} gets no more e-mails about maintenance.`,
  undo: 'Subscribe again',
};

const de: typeof en = {
  link: 'E-Mails zur Wartung abbestellen',
  title: 'Abbestellen',
  ask: (recipient) => `Keine E-Mails zur Wartung von SmartServern mehr an ${recipient} senden?`,
  consequence:
    'Sie erfahren dann nicht mehr, wann eine Wartung endet. SmartServer laufen weiter, werden ohne Wartung aber nicht aktualisiert.',
  yes: 'Abbestellen',
  done: 'Sie sind abgemeldet',
  doneText: (recipient) => `${recipient} erhält keine E-Mails zur Wartung mehr.`,
  undo: 'Wieder abonnieren',
};

/** Words of the page behind the link, and of the link. */
export const UNSUBSCRIBE_WORDS: Readonly<Record<Language, typeof en>> = { en, de };
