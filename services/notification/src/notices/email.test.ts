import { type DigestAddressee, expiringEmail, type NoticeLine, renewedEmail } from './email.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const line = (segmentName: string, expiresAt: string): NoticeLine => ({
  licenseId: `license of ${segmentName}`,
  partnerName: 'Integrator Ltd.',
  customerName: 'P2022-0208',
  segmentName,
  installCode: '0302E1C2A8F40011',
  deviceCount: 1000,
  expiresAt: new Date(expiresAt),
  boughtDevices: 0,
});
const past = line('Building 1', '2026-02-22T12:00:00.000Z');
const soon = line('Building 2', '2026-03-08T12:00:00.000Z');
const later = line('Building 3', '2026-03-31T12:00:00.000Z');

const to = (change: Partial<DigestAddressee> = {}): DigestAddressee => ({
  name: 'Anna Example',
  language: 'en',
  audience: 'account',
  ...change,
});
const expiring = (lines: NoticeLine[], reader: Partial<DigestAddressee> = {}, counted = { more: 0, expired: 0 }) => {
  const expired = counted.expired || lines.filter(({ expiresAt }) => expiresAt <= now).length;
  return expiringEmail(to(reader), { lines, more: counted.more, expired, now });
};

describe('headline and first sentence agree on what has expired and what is about to', () => {
  test.each([
    [[soon], 'Maintenance on Building 2 expires on 8 March 2026', 'A maintenance license is about to expire;'],
    [[past], 'Maintenance on Building 1 has expired', 'A maintenance license has expired;'],
    [[soon, later], '2 maintenance licenses expire, the first on 8 March 2026', '2 maintenance licenses expire soon;'],
    [[past, past], '2 maintenance licenses have expired', '2 maintenance licenses have expired;'],
    [
      [past, soon],
      '2 maintenance licenses expire or have expired',
      '1 of 2 maintenance licenses has expired, and 1 expires soon;',
    ],
    [
      [past, past, soon, later],
      '4 maintenance licenses expire or have expired',
      '2 of 4 maintenance licenses have expired, and 2 expire soon;',
    ],
  ])('%#: English', (lines, headline, text) => {
    const content = expiring(lines);
    expect(content.headline).toBe(headline);
    expect(content.paragraphs[0]).toMatch(text);
  });

  test.each([
    [[soon], 'Die Wartung von Building 2 läuft am 8. März 2026 ab', 'Eine Wartungslizenz läuft bald ab;'],
    [[past], 'Die Wartung von Building 1 ist abgelaufen', 'Eine Wartungslizenz ist abgelaufen;'],
    [[soon, later], '2 Wartungslizenzen laufen ab, die erste am 8. März 2026', '2 Wartungslizenzen laufen bald ab;'],
    [[past, past], '2 Wartungslizenzen sind abgelaufen', '2 Wartungslizenzen sind abgelaufen;'],
    [
      [past, soon],
      '2 Wartungslizenzen laufen ab oder sind abgelaufen',
      'Von 2 Wartungslizenzen ist 1 abgelaufen, und 1 läuft bald ab;',
    ],
    [
      [past, past, soon, later],
      '4 Wartungslizenzen laufen ab oder sind abgelaufen',
      'Von 4 Wartungslizenzen sind 2 abgelaufen, und 2 laufen bald ab;',
    ],
  ])('%#: German', (lines, headline, text) => {
    const content = expiring(lines, { language: 'de' });
    expect(content.headline).toBe(headline);
    expect(content.paragraphs[0]).toMatch(text);
  });

  test('those that are not listed count', () => {
    const content = expiring([past, past], {}, { more: 98, expired: 70 });
    expect(content.paragraphs[0]).toMatch('70 of 100 maintenance licenses have expired, and 30 expire soon;');
    expect(content.paragraphs[2]).toBe('98 more are not listed here; the portal and the API list all of them.');
  });
});

describe('what to do is said to whom can do it', () => {
  test.each([
    ['account', 'en', 'order a renewal from your SmartServer partner'],
    ['partner', 'en', 'order renewals from EnOcean Customer Success'],
    ['staff', 'en', 'Ask the partners above'],
    ['account', 'de', 'Bestellen Sie eine Verlängerung bei Ihrem SmartServer-Partner'],
    ['partner', 'de', 'bestellen Sie bei EnOcean Customer Success'],
    ['staff', 'de', 'Fragen Sie die oben genannten Partner'],
  ] as const)('%s (%s)', (audience, language, advice) => {
    const { text } = expiring([soon], { audience, language }).advice;
    expect(text).toMatch(advice);
    expect(text).not.toMatch(/bought|gekauft/);
  });

  test('a renewal that is bought is to be activated, and only what is not bought is to be ordered', () => {
    const bought = { ...soon, boughtDevices: soon.deviceCount };
    expect(expiring([bought]).advice.text).toMatch(/^A renewal that is marked “bought”.* from the cloud\.$/);
    const some = expiring([bought, later]).advice.text;
    expect(some).toMatch(/^A renewal that is marked “bought”/);
    expect(some).toMatch('Renew the maintenance');
    expect(expiring([bought], {}, { more: 1, expired: 0 }).advice.text).toMatch('Renew the maintenance');
  });

  test.each([
    ['en', 'bought for 400 of the devices, to be activated', 'Renew the maintenance'],
    ['de', 'für 400 der Geräte gekauft, zu aktivieren', 'Verlängern Sie die Wartung'],
  ] as const)(
    'where renewals are bought for a part of the devices, it says for how many, and to order the rest (%s)',
    (language, renewal, advice) => {
      const content = expiring([{ ...soon, boughtDevices: 400 }], { language });
      expect(content.table?.rows[0]).toContain(renewal);
      expect(content.advice.text).toMatch(advice);
    },
  );

  test('nobody is sent to himself when a renewal was not expected', () => {
    const advice = (audience: DigestAddressee['audience']) =>
      renewedEmail(to({ audience }), { lines: [later], more: 0, expired: 0, now }).advice.text;
    expect(advice('account')).toMatch('your SmartServer partner, or EnOcean Customer Success');
    expect(advice('partner')).not.toMatch('partner');
    expect(advice('staff')).not.toMatch('contact');
  });
});
