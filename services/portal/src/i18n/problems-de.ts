import type { Texts } from './en.ts';

export const problemsDe: Texts['problems'] = {
  unexpected: {
    title: 'Etwas Unerwartetes ist geschehen',
    advice: 'Versuchen Sie es noch einmal. Bleibt es dabei, nennen Sie dem Customer Success die Referenz unten.',
  },
  unreachable: {
    title: 'Der Server ist nicht erreichbar',
    advice:
      'Prüfen Sie die Internetverbindung dieses Geräts und versuchen Sie es noch einmal. Das ist gefahrlos: Es wirkt nur einmal.',
  },
  input: {
    title: 'An der Eingabe stimmt etwas nicht',
    advice: 'Prüfen Sie Ihre Eingabe und versuchen Sie es noch einmal.',
  },
  session: { title: 'Ihre Sitzung ist beendet', advice: 'Melden Sie sich wieder an.' },
  not_allowed: {
    title: 'Ihre Anmeldung erlaubt das nicht',
    advice:
      'Melden Sie sich mit der E-Mail-Adresse an, die Kontakt des Projekts ist, oder fragen Sie Ihren Integrator.',
  },
  contact_customer_success: {
    title: 'Das übernimmt der Customer Success für Sie',
    advice: 'Nennen Sie ihm die License ID und den Installationscode des SmartServers. Er erstellt die Datei.',
  },
  not_found: {
    title: 'Das wurde nicht gefunden',
    advice: 'Der Link ist vielleicht veraltet. Beginnen Sie noch einmal bei Ihren Lizenzen.',
  },
  license_not_found: {
    title: 'Diese Lizenz wurde nicht gefunden',
    advice:
      'Vergleichen Sie die License ID mit der E-Mail Ihres Integrators. Eine zurückgenommene Lizenz ist hier nicht mehr zu sehen.',
  },
  license_in_use: {
    title: 'Die Lizenz ist schon auf einem SmartServer',
    advice:
      'Sie kann nur auf einem SmartServer sein. Geben Sie sie dort zuerst zurück; wo sie ist, steht bei der Lizenz.',
  },
  license_not_available: {
    title: 'Die Lizenz ist im Augenblick nicht verwendbar',
    advice:
      'Sie wird gerade geändert oder gehört nicht mehr zu Ihrem Projekt. Warten Sie einen Moment und sehen Sie wieder nach.',
  },
  license_suspended: {
    title: 'Die Lizenz ist gesperrt',
    advice: 'Der Customer Success kann den Grund nennen und sie wieder freigeben.',
  },
  license_revoked: {
    title: 'Die Lizenz wurde entzogen',
    advice: 'Sie kann nicht mehr verwendet werden. Fragen Sie den Customer Success.',
  },
  controller_in_use: {
    title: 'Dieser SmartServer gehört zu einem anderen Projekt',
    advice:
      'Auf ihm sind Lizenzen eines anderen Kontos. Prüfen Sie den Installationscode. Stimmt er, müssen jene Lizenzen zuerst zurückgegeben werden.',
  },
  controller_key: {
    title: 'Der SmartServer konnte sich nicht ausweisen',
    advice:
      'Er unterschreibt mit einem anderen Schlüssel als dem bekannten, etwa nach einem Austausch. Der Customer Success kann den Schlüssel zurücksetzen.',
  },
  challenge_failed: {
    title: 'Dieser Code stimmt nicht',
    advice:
      'Prüfen Sie die sechs Ziffern in der neuesten E-Mail. Nach fünf Versuchen oder zehn Minuten fordern Sie einen neuen Code an.',
  },
  file_gone: {
    title: 'Diese Aktivierungsdatei wurde nicht gefunden',
    advice: 'Öffnen Sie die Lizenz: Dort stehen ihre Dateien.',
  },
  request_file_invalid: {
    title: 'Diese Anforderungsdatei ist nicht verwendbar',
    advice:
      'Erstellen Sie auf dem SmartServer eine neue Anforderungsdatei und wählen Sie sie unverändert aus. Bearbeitete oder beschädigte Dateien werden abgelehnt.',
  },
  receipt_invalid: {
    title: 'Dieser Rückgabebeleg ist nicht verwendbar',
    advice:
      'Erstellen Sie den Beleg noch einmal auf dem SmartServer, auf dem die Lizenz war, und reichen Sie ihn unverändert ein. Wurde der Installationscode abgetippt, reichen Sie zuerst bei der Lizenz eine Anforderungsdatei ein.',
  },
  file_wrong_controller: {
    title: 'Diese Datei ist für einen anderen SmartServer',
    advice: 'Verwenden Sie die Datei, die für den Installationscode auf dem Etikett erstellt wurde.',
  },
  file_superseded: {
    title: 'Eine neuere Datei hat diese ersetzt',
    advice: 'Verwenden Sie die neueste Datei.',
  },
  file_damaged: {
    title: 'Die Datei wurde verändert oder ist beschädigt',
    advice: 'Kopieren Sie sie noch einmal vom SmartServer und bearbeiten Sie sie nicht.',
  },
  start_over: {
    title: 'Inzwischen hat sich etwas geändert',
    advice: 'Laden Sie die Seite neu, sehen Sie nach, wo die Lizenz jetzt ist, und beginnen Sie bei Bedarf von vorn.',
  },
  rate_limited: {
    title: 'Zu viele Versuche',
    advice:
      'Zum Schutz Ihrer Lizenzen sind Versuche begrenzt. Warten Sie einen Moment und versuchen Sie es noch einmal.',
  },
  too_large: {
    title: 'Diese Datei ist zu groß',
    advice: 'Wählen Sie die Datei aus, die der SmartServer erstellt hat.',
  },
  internal: {
    title: 'Bei uns ist etwas schiefgegangen',
    advice:
      'Versuchen Sie es noch einmal: Es wirkt nur einmal. Bleibt es dabei, nennen Sie dem Customer Success die Referenz unten.',
  },
  unavailable: {
    title: 'Der Dienst antwortet gerade nicht',
    advice:
      'Versuchen Sie es gleich noch einmal. Nichts ist verloren, und ein zweiter Versuch hat keine zweite Wirkung.',
  },
};
