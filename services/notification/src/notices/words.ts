import type { Language } from '@smartserver/contracts';

/** What a notice is about, counted. */
type Counts = { licenses: number; expired: number; segment: string; day: string };

const en = {
  expiring: {
    headline: ({ licenses, expired, segment, day }: Counts) => {
      if (licenses === 1)
        return expired === 1 ? `Maintenance on ${segment} has expired` : `Maintenance on ${segment} expires on ${day}`;
      if (expired === licenses) return `${licenses} maintenance licenses have expired`;
      return expired === 0
        ? `${licenses} maintenance licenses expire, the first on ${day}`
        : `${licenses} maintenance licenses expire or have expired`;
    },
    text: ({ licenses, expired }: Counts) => {
      if (licenses === 1)
        return `A maintenance license ${expired === 1 ? 'has expired' : 'is about to expire'}; where, for how many devices and when is listed below.`;
      const rest = licenses - expired;
      const what =
        expired === 0
          ? `${licenses} maintenance licenses expire soon`
          : rest === 0
            ? `${licenses} maintenance licenses have expired`
            : `${expired} of ${licenses} maintenance licenses ${expired === 1 ? 'has' : 'have'} expired, and ${rest} ${rest === 1 ? 'expires' : 'expire'} soon`;
      return `${what}; where, for how many devices and when is listed below.`;
    },
    after:
      'All devices go on running, and can be managed and monitored as before. But without active maintenance a SmartServer cannot be upgraded to a new major or minor release, and there is no priority support for it.',
    caption: 'Maintenance',
    todo: 'What to do',
    advice: {
      account:
        'Renew the maintenance: order a renewal from your SmartServer partner and quote the License IDs above. No day is lost by renewing early: a renewal begins when the present term ends.',
      partner:
        'Renew the maintenance: ask your customers, order renewals from EnOcean Customer Success for the License IDs above, and transfer them to the customers/projects. No day is lost by renewing early: a renewal begins when the present term ends.',
      staff:
        'Ask the partners above about their renewals, and add those that they order to their inventories. No day is lost by renewing early: a renewal begins when the present term ends.',
    },
    adviceBought:
      'A renewal that is marked “bought” only has to be activated: in the CMS of the SmartServer it belongs to, open the Manage Licenses dialog and download licenses from the cloud.',
  },
  renewed: {
    headline: ({ licenses, segment, day }: Counts) =>
      licenses === 1
        ? `Maintenance on ${segment} was renewed until ${day}`
        : `${licenses} maintenance licenses were renewed`,
    text: ({ licenses }: Counts) =>
      `Maintenance was renewed: ${licenses === 1 ? 'the renewal' : `${licenses} renewals`} listed below ${licenses === 1 ? 'is' : 'are'} activated. Upgrades and priority support go on.`,
    caption: 'Renewals',
    todo: 'What to do',
    advice: {
      account: 'Nothing. If you did not expect this, contact your SmartServer partner, or EnOcean Customer Success.',
      partner: 'Nothing. If you did not expect this, contact EnOcean Customer Success.',
      staff: 'Nothing: it is here for you to know.',
    },
  },
  more: (count: number) => `${count} more are not listed here; the portal and the API list all of them.`,
  labels: {
    partner: 'Partner',
    customer: 'Customer/project',
    segmentController: 'Segment controller',
    installCode: 'Install code',
    devices: 'Devices',
    expires: 'Expires',
    expired: 'expired',
    until: 'Until',
    renewal: 'Renewal',
    licenseId: 'License ID',
  },
  bought: 'bought, to be activated',
  /** @param devices how many, written out */
  partlyBought: (devices: string) => `bought for ${devices} of the devices, to be activated`,
  footer: {
    account: (name: string) =>
      `You receive this e-mail because you are told of the maintenance of the customer/project ${name}. It was sent automatically by the SmartServer license management.`,
    partner: () =>
      'You receive this digest because your address is in the notification settings of your partner account. It was sent automatically by the SmartServer license management.',
    staff: () =>
      'You receive this digest because your address is in the notification settings of Customer Success. It was sent automatically by the SmartServer license management.',
  },
};

const de: typeof en = {
  expiring: {
    headline: ({ licenses, expired, segment, day }) => {
      if (licenses === 1)
        return expired === 1
          ? `Die Wartung von ${segment} ist abgelaufen`
          : `Die Wartung von ${segment} läuft am ${day} ab`;
      if (expired === licenses) return `${licenses} Wartungslizenzen sind abgelaufen`;
      return expired === 0
        ? `${licenses} Wartungslizenzen laufen ab, die erste am ${day}`
        : `${licenses} Wartungslizenzen laufen ab oder sind abgelaufen`;
    },
    text: ({ licenses, expired }) => {
      if (licenses === 1)
        return `Eine Wartungslizenz ${expired === 1 ? 'ist abgelaufen' : 'läuft bald ab'}; wo, für wie viele Geräte und wann, steht unten.`;
      const rest = licenses - expired;
      const what =
        expired === 0
          ? `${licenses} Wartungslizenzen laufen bald ab`
          : rest === 0
            ? `${licenses} Wartungslizenzen sind abgelaufen`
            : `Von ${licenses} Wartungslizenzen ${expired === 1 ? 'ist 1' : `sind ${expired}`} abgelaufen, und ${rest} ${rest === 1 ? 'läuft' : 'laufen'} bald ab`;
      return `${what}; wo, für wie viele Geräte und wann, steht unten.`;
    },
    after:
      'Alle Geräte laufen weiter und können wie bisher verwaltet und überwacht werden. Ohne aktive Wartung kann ein SmartServer aber nicht auf eine neue Haupt- oder Nebenversion aktualisiert werden, und es gibt für ihn keinen bevorzugten Support.',
    caption: 'Wartung',
    todo: 'Was zu tun ist',
    advice: {
      account:
        'Verlängern Sie die Wartung: Bestellen Sie eine Verlängerung bei Ihrem SmartServer-Partner und nennen Sie die oben genannten Lizenz-IDs. Wer früh verlängert, verliert keinen Tag: Die Verlängerung beginnt, wenn die jetzige Laufzeit endet.',
      partner:
        'Verlängern Sie die Wartung: Fragen Sie Ihre Kunden, bestellen Sie bei EnOcean Customer Success Verlängerungen zu den oben genannten Lizenz-IDs und übertragen Sie sie den Kunden/Projekten. Wer früh verlängert, verliert keinen Tag: Die Verlängerung beginnt, wenn die jetzige Laufzeit endet.',
      staff:
        'Fragen Sie die oben genannten Partner nach ihren Verlängerungen und nehmen Sie, was sie bestellen, in ihren Bestand auf. Wer früh verlängert, verliert keinen Tag: Die Verlängerung beginnt, wenn die jetzige Laufzeit endet.',
    },
    adviceBought:
      'Eine Verlängerung, die als „gekauft“ bezeichnet ist, muss nur noch aktiviert werden: Öffnen Sie im CMS des zugehörigen SmartServers den Dialog „Manage Licenses“ und laden Sie Lizenzen aus der Cloud herunter.',
  },
  renewed: {
    headline: ({ licenses, segment, day }) =>
      licenses === 1
        ? `Die Wartung von ${segment} wurde bis ${day} verlängert`
        : `${licenses} Wartungslizenzen wurden verlängert`,
    text: ({ licenses }) =>
      `Wartung wurde verlängert: ${licenses === 1 ? 'Die unten genannte Verlängerung ist' : `Die ${licenses} unten genannten Verlängerungen sind`} aktiviert. Upgrades und bevorzugter Support laufen weiter.`,
    caption: 'Verlängerungen',
    todo: 'Was zu tun ist',
    advice: {
      account:
        'Nichts. Falls Sie das nicht erwartet haben, wenden Sie sich an Ihren SmartServer-Partner oder an EnOcean Customer Success.',
      partner: 'Nichts. Falls Sie das nicht erwartet haben, wenden Sie sich an EnOcean Customer Success.',
      staff: 'Nichts: Es steht hier zu Ihrer Kenntnis.',
    },
  },
  more: (count) => `${count} weitere sind hier nicht aufgeführt; Portal und API nennen alle.`,
  labels: {
    partner: 'Partner',
    customer: 'Kunde/Projekt',
    segmentController: 'Segment-Controller',
    installCode: 'Installationscode',
    devices: 'Geräte',
    expires: 'Läuft ab',
    expired: 'abgelaufen',
    until: 'Bis',
    renewal: 'Verlängerung',
    licenseId: 'Lizenz-ID',
  },
  bought: 'gekauft, zu aktivieren',
  partlyBought: (devices) => `für ${devices} der Geräte gekauft, zu aktivieren`,
  footer: {
    account: (name) =>
      `Sie erhalten diese E-Mail, weil Sie über die Wartung des Kunden/Projekts ${name} benachrichtigt werden. Sie wurde automatisch von der SmartServer-Lizenzverwaltung gesendet.`,
    partner: () =>
      'Sie erhalten diese Übersicht, weil Ihre Adresse in den Benachrichtigungseinstellungen Ihres Partnerkontos steht. Sie wurde automatisch von der SmartServer-Lizenzverwaltung gesendet.',
    staff: () =>
      'Sie erhalten diese Übersicht, weil Ihre Adresse in den Benachrichtigungseinstellungen von Customer Success steht. Sie wurde automatisch von der SmartServer-Lizenzverwaltung gesendet.',
  },
};

export const NOTICE_WORDS: Readonly<Record<Language, typeof en>> = { en, de };
