import type { Language, LicenseId } from '@smartserver/contracts';
import { asInstallCode } from '@smartserver/contracts';
import { signInLetter } from '../sign-ins/sign-in-letter.ts';
import { disabledLetter } from '../webhooks/disabled-letter.ts';
import type { Letter, Unsubscribe } from './letter.ts';
import { type Addressee, activatedLetter, relinkedLetter, transferredLetter } from './letters.ts';

/** One of each e-mail, to look at. */
export type Sample = { name: string; language: Language; letter: Letter; unsubscribe: Unsubscribe | null };

const AT = '2026-03-01T12:00:00.000Z';
const INSTALL_CODE = asInstallCode('0302E1C2A8F40011');
const LICENSES = [
  { licenseId: '8f3c1b1e-5c0e-4a52-9a7b-0d1e7c1b2a10' as LicenseId, kind: 'capacity' as const, deviceCount: 1000 },
  { licenseId: '1b6f0a52-77de-4f0e-8f9f-1f0b6f4be0c3' as LicenseId, kind: 'maintenance' as const, deviceCount: 1000 },
];
const ACTIVE = LICENSES.map((license) => ({
  ...license,
  activationId: license.licenseId,
  activatedAt: AT,
  startsAt: license.kind === 'maintenance' ? AT : null,
  expiresAt: license.kind === 'maintenance' ? '2029-03-01T12:00:00.000Z' : null,
  activationVersion: 1,
}));

const LETTERS: Record<string, (to: Addressee) => Letter> = {
  'licenses-transferred': (to) => transferredLetter(to, { licenses: LICENSES }, AT),
  'licenses-activated': (to) =>
    activatedLetter(to, { installCode: INSTALL_CODE, segmentName: 'Building 1', mode: 'online', licenses: ACTIVE }, AT),
  'licenses-activated-offline': (to) =>
    activatedLetter(
      to,
      { installCode: INSTALL_CODE, segmentName: 'Building 1', mode: 'offline', licenses: ACTIVE.slice(0, 1) },
      AT,
    ),
  'controller-relinked': (to) => relinkedLetter(to, { installCode: INSTALL_CODE, at: AT }),
  'webhook-disabled': ({ language }) =>
    disabledLetter(language, {
      endpointId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
      host: 'integrator.example',
      description: 'Warehouse system',
      reason: 'failing',
      at: new Date(AT),
    }),
  'sign-in-code': ({ language }) => signInLetter({ code: '402817', language }, new Date(AT)),
};

const READERS: Record<Language, Addressee> = {
  en: { name: 'Anna Example', language: 'en', customerName: 'P2022-0208' },
  de: { name: 'Jens Müller', language: 'de', customerName: 'P-Gebäude 1' },
};

export const samples = (): Sample[] =>
  Object.entries(LETTERS).flatMap(([name, write]) =>
    Object.values(READERS).map((to) => ({ name, language: to.language, letter: write(to), unsubscribe: null })),
  );
