import type { Language } from '@smartserver/contracts';
import { normalizeInstallCode } from '@smartserver/contracts';
import type { EmailContent, Unsubscribe } from '../emails/content.ts';
import { type Addressee, activatedEmail, relinkedEmail, transferredEmail } from '../emails/event-emails.ts';
import { expiringEmail, type NoticeLine, renewedEmail } from '../notices/email.ts';
import { testEmail } from '../notification-settings/test-email.ts';
import { signInEmail } from '../sign-in-codes/sign-in-email.ts';
import { UNSUBSCRIBE_WORDS } from '../unsubscribe/words.ts';
import { disabledEmail } from '../webhook-endpoints/disabled-email.ts';

/** One of each e-mail, to look at. */
export type Sample = { name: string; language: Language; content: EmailContent; unsubscribe: Unsubscribe | null };

const AT = '2026-03-01T12:00:00.000Z';
const INSTALL_CODE = normalizeInstallCode('0302E1C2A8F40011');
const LICENSES = [
  { licenseId: '8f3c1b1e-5c0e-4a52-9a7b-0d1e7c1b2a10' as string, kind: 'capacity' as const, deviceCount: 1000 },
  { licenseId: '1b6f0a52-77de-4f0e-8f9f-1f0b6f4be0c3' as string, kind: 'maintenance' as const, deviceCount: 1000 },
];
const ACTIVE = LICENSES.map((license) => ({
  ...license,
  activationId: license.licenseId,
  activatedAt: AT,
  startsAt: license.kind === 'maintenance' ? AT : null,
  expiresAt: license.kind === 'maintenance' ? '2029-03-01T12:00:00.000Z' : null,
  activationVersion: 1,
}));

const LINES: NoticeLine[] = [
  { segment: 'Building 1', code: 'F40011', customer: 'P2022-0208', devices: 1000, until: '2026-03-01T10:00:00.000Z' },
  {
    segment: 'Warehouse north',
    code: 'F40012',
    customer: 'P-Gebäude 1',
    devices: 200,
    until: '2026-03-08T12:00:00.000Z',
  },
].map(({ segment, code, customer, devices, until }, index) => ({
  licenseId: LICENSES[index]?.licenseId ?? '',
  partnerName: 'Integrator Ltd.',
  customerName: customer,
  segmentName: segment,
  installCode: `0302E1C2A8${code}`,
  deviceCount: devices,
  expiresAt: new Date(until),
  boughtDevices: index === 0 ? 800 : 0,
}));
const DIGEST = { lines: LINES, more: 0, expired: 1, now: new Date(AT) };
const ONE = { ...DIGEST, lines: LINES.slice(1), expired: 0 };

/** Those that can be unsubscribed from. */
const NOTICES: Record<string, (to: Addressee) => EmailContent> = {
  'maintenance-expiring-account': (to) => expiringEmail({ ...to, audience: 'account' }, ONE),
  'maintenance-expiring-partner': (to) => expiringEmail({ ...to, name: '', audience: 'partner' }, DIGEST),
  'maintenance-expiring-staff': (to) => expiringEmail({ ...to, name: '', audience: 'staff' }, { ...DIGEST, more: 37 }),
  'maintenance-renewed': (to) => renewedEmail({ ...to, audience: 'account' }, ONE),
};

const EVENT_EMAILS: Record<string, (to: Addressee) => EmailContent> = {
  'licenses-transferred': (to) => transferredEmail(to, { licenses: LICENSES }, AT),
  'licenses-activated': (to) =>
    activatedEmail(to, { installCode: INSTALL_CODE, segmentName: 'Building 1', mode: 'online', licenses: ACTIVE }, AT),
  'licenses-activated-offline': (to) =>
    activatedEmail(
      to,
      { installCode: INSTALL_CODE, segmentName: 'Building 1', mode: 'offline', licenses: ACTIVE.slice(0, 1) },
      AT,
    ),
  'controller-relinked': (to) => relinkedEmail(to, { installCode: INSTALL_CODE, at: AT }),
  'notification-test': (to) => testEmail(to, { thresholds: [90, 60, 30, 7, 1, 0], expirations: true, renewals: true }),
  'webhook-disabled': ({ language }) =>
    disabledEmail(language, {
      endpointId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
      host: 'integrator.example',
      description: 'Warehouse system',
      reason: 'failing',
      at: new Date(AT),
    }),
  'sign-in-code': ({ language }) => signInEmail({ code: '402817', language }, new Date(AT)),
};

const READERS: Record<Language, Addressee> = {
  en: { name: 'Anna Example', language: 'en', customerName: 'P2022-0208' },
  de: { name: 'Jens Müller', language: 'de', customerName: 'P-Gebäude 1' },
};

const unsubscribe = (language: Language): Unsubscribe => ({
  label: UNSUBSCRIBE_WORDS[language].link,
  url: 'https://licenses.example.com/unsubscribe/sample',
});

export const samples = (): Sample[] =>
  Object.entries({ ...EVENT_EMAILS, ...NOTICES }).flatMap(([name, write]) =>
    Object.values(READERS).map((to) => ({
      name,
      language: to.language,
      content: write(to),
      unsubscribe: name in NOTICES ? unsubscribe(to.language) : null,
    })),
  );
