import { normalizeInstallCode } from '@smartserver/contracts';
import { oneLine } from './content.ts';
import { type Addressee, activatedEmail, relinkedEmail, transferredEmail } from './event-emails.ts';
import { renderEmail } from './template.tsx';

const capacityId = '8f3c1b1e-5c0e-4a52-9a7b-0d1e7c1b2a10' as string;
const maintenanceId = '1b6f0a52-77de-4f0e-8f9f-1f0b6f4be0c3' as string;
const installCode = normalizeInstallCode('0302E1C2A8F40011');
const at = '2026-03-01T12:00:00.000Z';

const licenses = [
  { licenseId: capacityId, kind: 'capacity' as const, deviceCount: 1000 },
  { licenseId: maintenanceId, kind: 'maintenance' as const, deviceCount: 1000 },
];
const active = licenses.map((license, index) => ({
  ...license,
  activationId: license.licenseId,
  activatedAt: at,
  startsAt: index === 0 ? null : '2026-03-01T12:00:00.000Z',
  expiresAt: index === 0 ? null : '2029-03-01T12:00:00.000Z',
  activationVersion: 1,
}));

const anna: Addressee = { name: 'Anna Example', language: 'en', customerName: 'P2022-0208' };
const jens: Addressee = { name: 'Jens Müller', language: 'de', customerName: 'P2022-0208' };
const activation = { installCode, segmentName: 'Building 1', mode: 'online' as const, licenses: active };

describe('the e-mail about a transfer', () => {
  test('says what moved, to which customer/project, when, and what to do if it was not expected', () => {
    const { headline, text, html } = renderEmail(transferredEmail(anna, { licenses }, at));
    expect(headline).toBe('2 licenses were transferred to P2022-0208');
    for (const body of [text, html]) {
      for (const fact of [
        'Device capacity',
        '1,000',
        capacityId,
        'Maintenance',
        maintenanceId,
        '1 March 2026 at 12:00 UTC',
      ]) {
        expect(body).toContain(fact);
      }
      expect(body).toContain('If you did not expect this');
    }
  });

  test('counts one license in the singular', () => {
    const { headline, text } = renderEmail(transferredEmail(anna, { licenses: licenses.slice(0, 1) }, at));
    expect(headline).toBe('1 license was transferred to P2022-0208');
    expect(text).toContain('It is in the cloud now. To use it on a SmartServer');
  });

  test('is German for a contact whose language is German', () => {
    const { headline, text, html } = renderEmail(transferredEmail(jens, { licenses }, at));
    expect(headline).toBe('2 Lizenzen wurden an P2022-0208 übertragen');
    expect(text).toContain('Guten Tag Jens Müller,');
    expect(text).toContain('Geräte: 1.000');
    expect(text).toContain('1. März 2026 um 12:00 UTC');
    expect(html).toContain(' lang="de">');
    expect(html).toContain('Falls Sie das nicht erwartet haben');
  });
});

describe('the e-mail about an activation', () => {
  test('names the segment controller, its install code and when each license expires', () => {
    const { headline, text } = renderEmail(activatedEmail(anna, activation, at));
    expect(headline).toBe('2 licenses were activated on Building 1 (0302E1C2A8F40011)');
    expect(text).toMatch(/Segment controller: +Building 1\nInstall code: +0302E1C2A8F40011\n/);
    expect(text).toContain('Expires: never');
    expect(text).toContain('Expires: 1 March 2029 at 12:00 UTC');
    expect(text).toContain('Transfer the licenses back to the cloud');
  });

  test('does not advise an online return where the license was activated by a file', () => {
    const { text } = renderEmail(activatedEmail(anna, { ...activation, mode: 'offline' }, at));
    expect(text).toContain('Offline (activation file)');
    expect(text).not.toContain('Transfer the licenses back');
  });

  test('is German for a contact whose language is German', () => {
    const { headline, text } = renderEmail(activatedEmail(jens, activation, at));
    expect(headline).toBe('2 Lizenzen wurden auf Building 1 (0302E1C2A8F40011) aktiviert');
    expect(text).toContain('Läuft ab: nie');
  });
});

test('the e-mail about a takeover names the install code and the own account, in both languages', () => {
  expect(renderEmail(relinkedEmail(anna, { installCode, at })).text).toContain(
    'SmartServer with the install code 0302E1',
  );
  const german = renderEmail(relinkedEmail(jens, { installCode, at }));
  expect(german.headline).toBe('SmartServer 0302E1C2A8F40011 wurde neu verknüpft');
  expect(german.text).toContain('P2022-0208');
});

describe('hostile names', () => {
  const hostile = 'Evil\r\nBcc: victim@example.com\r\n\r\n<script>alert("1")</script>&\'\u202Etxt\u0000';
  const to: Addressee = { name: hostile, language: 'en', customerName: hostile };
  const emails = [
    transferredEmail(to, { licenses }, at),
    activatedEmail(to, { ...activation, segmentName: hostile }, at),
    relinkedEmail(to, { installCode, at }),
  ].map((content) => renderEmail(content));

  test('cannot break the subject line or start a paragraph of their own', () => {
    for (const { headline, text } of emails) {
      expect(headline).not.toMatch(/\p{Cc}|\u202E/u);
      expect(text).not.toMatch(/^Bcc:/m);
      expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
    }
  });

  test('cannot become markup', () => {
    for (const { html } of emails) {
      expect(html).not.toContain('<script');
      expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#x27;');
    }
  });

  test('are cut at 200 characters, without splitting one', () => {
    const cut = oneLine('😀'.repeat(300));
    expect(Array.from(cut)).toHaveLength(200);
    expect(cut.endsWith('😀…')).toBe(true);
  });

  test('an ordinary name stays as it is', () => {
    expect(oneLine('P-Building 1 – Süd/Ost (neu)')).toBe('P-Building 1 – Süd/Ost (neu)');
  });
});
