import type { Language } from '@smartserver/contracts';

/** How a sentence starts: the count with its verb. */
const licensesWere = (count: number) => (count === 1 ? '1 license was' : `${count} licenses were`);
const lizenzenWurden = (count: number) => (count === 1 ? '1 Lizenz wurde' : `${count} Lizenzen wurden`);

/** The words of the e-mails in one language. The terms are the vendor's own. [domain.md, "Words"] */
const en = {
  kinds: {
    capacity: 'Device capacity',
    maintenance: 'Maintenance',
    core: 'Core',
    remote_cms: 'Remote CMS',
  },
  labels: {
    customer: 'Customer/project',
    segmentController: 'Segment controller',
    installCode: 'Install code',
    mode: 'Activation',
    when: 'When',
    licenses: 'Licenses',
    license: 'License',
    devices: 'Devices',
    licenseId: 'License ID',
    expires: 'Expires',
  },
  never: 'never',
  modes: { online: 'Online (downloaded from the cloud)', offline: 'Offline (activation file)' },
  greeting: (name: string) => (name === '' ? 'Hello,' : `Hello ${name},`),
  transferred: {
    headline: (count: number, customer: string) => `${licensesWere(count)} transferred to ${customer}`,
    text: (count: number, customer: string) =>
      `${licensesWere(count)} transferred to the customer/project ${customer}. ${count === 1 ? 'It is' : 'They are'} in the cloud now. To use ${count === 1 ? 'it' : 'them'} on a SmartServer, open the Manage Licenses dialog of its CMS and download licenses from the cloud.`,
  },
  activated: {
    headline: (count: number, segment: string, installCode: string) =>
      `${licensesWere(count)} activated on ${segment} (${installCode})`,
    text: {
      online: (count: number, segment: string) =>
        `${licensesWere(count)} downloaded from the cloud and activated on the segment controller ${segment}.`,
      offline: (count: number, segment: string) =>
        `${licensesWere(count)} activated on the segment controller ${segment} by an offline activation file. ${count === 1 ? 'It counts' : 'They count'} as active from the moment the file was issued.`,
    },
  },
  relinked: {
    headline: (installCode: string) => `SmartServer ${installCode} was linked anew`,
    text: (installCode: string, customer: string) =>
      `The SmartServer with the install code ${installCode} was linked anew: with another device key, or to another customer/project. You are told because it is, or was, linked to the customer/project ${customer}.`,
    noLoss: 'No licenses were on this SmartServer, so none were moved.',
  },
  unexpected: 'If you did not expect this',
  advice: {
    transferred: 'Contact your SmartServer partner, or EnOcean Customer Success, and quote the License IDs above.',
    activated: {
      online:
        'Transfer the licenses back to the cloud in the Manage Licenses dialog of this SmartServer. If it is not yours, contact your SmartServer partner, or EnOcean Customer Success, and quote the install code and the License IDs above.',
      offline:
        'Contact your SmartServer partner, or EnOcean Customer Success, and quote the install code and the License IDs above.',
    },
    relinked:
      'This is normal after a SmartServer was replaced, reset to its factory settings or moved to another project. Otherwise contact your SmartServer partner, or EnOcean Customer Success, and quote the install code above. Until this is cleared up, download no licenses to this SmartServer.',
  },
  footer: (customer: string) =>
    `You receive this e-mail because you are a contact of the customer/project ${customer}. It was sent automatically by the SmartServer license management.`,
};

export type Words = typeof en;

const de: Words = {
  kinds: {
    capacity: 'Gerätekapazität',
    maintenance: 'Wartung',
    core: 'Core',
    remote_cms: 'Remote CMS',
  },
  labels: {
    customer: 'Kunde/Projekt',
    segmentController: 'Segment-Controller',
    installCode: 'Installationscode',
    mode: 'Aktivierung',
    when: 'Zeitpunkt',
    licenses: 'Lizenzen',
    license: 'Lizenz',
    devices: 'Geräte',
    licenseId: 'Lizenz-ID',
    expires: 'Läuft ab',
  },
  never: 'nie',
  modes: { online: 'Online (aus der Cloud heruntergeladen)', offline: 'Offline (Aktivierungsdatei)' },
  greeting: (name) => (name === '' ? 'Guten Tag,' : `Guten Tag ${name},`),
  transferred: {
    headline: (count, customer) => `${lizenzenWurden(count)} an ${customer} übertragen`,
    text: (count, customer) =>
      `${lizenzenWurden(count)} an den Kunden/das Projekt ${customer} übertragen. Sie ${count === 1 ? 'liegt' : 'liegen'} jetzt in der Cloud. Um sie auf einem SmartServer zu verwenden, öffnen Sie in dessen CMS den Dialog „Manage Licenses“ und laden Sie Lizenzen aus der Cloud herunter.`,
  },
  activated: {
    headline: (count, segment, installCode) => `${lizenzenWurden(count)} auf ${segment} (${installCode}) aktiviert`,
    text: {
      online: (count, segment) =>
        `${lizenzenWurden(count)} aus der Cloud heruntergeladen und auf dem Segment-Controller ${segment} aktiviert.`,
      offline: (count, segment) =>
        `${lizenzenWurden(count)} auf dem Segment-Controller ${segment} mit einer Offline-Aktivierungsdatei aktiviert. Sie ${count === 1 ? 'gilt' : 'gelten'} als aktiv, seit die Datei ausgestellt wurde.`,
    },
  },
  relinked: {
    headline: (installCode) => `SmartServer ${installCode} wurde neu verknüpft`,
    text: (installCode, customer) =>
      `Der SmartServer mit dem Installationscode ${installCode} wurde neu verknüpft: mit einem anderen Geräteschlüssel oder mit einem anderen Kunden/Projekt. Sie erhalten diese Nachricht, weil er mit dem Kunden/Projekt ${customer} verknüpft ist oder war.`,
    noLoss: 'Auf diesem SmartServer waren keine Lizenzen, es wurden also keine verschoben.',
  },
  unexpected: 'Falls Sie das nicht erwartet haben',
  advice: {
    transferred:
      'Wenden Sie sich an Ihren SmartServer-Partner oder an EnOcean Customer Success und nennen Sie die oben genannten Lizenz-IDs.',
    activated: {
      online:
        'Übertragen Sie die Lizenzen im Dialog „Manage Licenses“ dieses SmartServers zurück in die Cloud. Gehört er nicht Ihnen, wenden Sie sich an Ihren SmartServer-Partner oder an EnOcean Customer Success und nennen Sie den Installationscode und die oben genannten Lizenz-IDs.',
      offline:
        'Wenden Sie sich an Ihren SmartServer-Partner oder an EnOcean Customer Success und nennen Sie den Installationscode und die oben genannten Lizenz-IDs.',
    },
    relinked:
      'Nach dem Austausch, dem Zurücksetzen auf Werkseinstellungen oder dem Umzug eines SmartServers in ein anderes Projekt ist das normal. Wenden Sie sich andernfalls an Ihren SmartServer-Partner oder an EnOcean Customer Success und nennen Sie den Installationscode. Laden Sie bis zur Klärung keine Lizenzen auf diesen SmartServer herunter.',
  },
  footer: (customer) =>
    `Sie erhalten diese E-Mail, weil Sie als Kontakt des Kunden/Projekts ${customer} eingetragen sind. Sie wurde automatisch von der SmartServer-Lizenzverwaltung gesendet.`,
};

export const WORDS: Readonly<Record<Language, Words>> = { en, de };
