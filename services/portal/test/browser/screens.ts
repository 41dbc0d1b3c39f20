import { createRequestFile, createReturnReceipt, generateKey } from '@smartserver/license-document';
import type { Locator, Page } from 'playwright-core';
import { type Answers, answer, problemAnswer } from './fake-api.ts';
import { CUSTOMER_ID, INSTALL_CODE, offlineActivation, samples } from './samples.ts';

/** A page as a person meets it: where it is, what the API answers, what is done before it is looked at. */
export type Screen = {
  name: string;
  path: string;
  api?: Answers;
  act?: (page: Page) => Promise<void>;
  /** Its heading, once it is there. */
  heading: string;
};

const createdAt = new Date('2026-02-20T14:55:00Z');
const device = { deviceKey: generateKey(), installCode: INSTALL_CODE, serial: 12, createdAt, nonce: 'n' };

/** Files as a SmartServer makes them. */
export const files = {
  request: createRequestFile({ ...device, segmentName: 'Building 1', softwareVersion: '4.40.012' }),
  receipt: createReturnReceipt({ ...device, customerId: CUSTOMER_ID, licenseIds: [samples.offline.licenseId] }),
};

const upload = (field: Locator, name: string, text: string) =>
  field.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

const toReview = async (page: Page): Promise<void> => {
  await page.getByLabel('Install code', { exact: true }).fill(INSTALL_CODE);
  await button(page, 'Check before creating').click();
};

const create = async (page: Page): Promise<void> => {
  await toReview(page);
  await page.getByLabel('I have compared').check();
  await button(page, 'Create the file now').click();
};

export const chooseReceipt = (page: Page): Promise<void> =>
  upload(page.getByRole('button', { name: /^Return receipt/ }), 'smartserver.ret', files.receipt);

const license = (name: keyof typeof samples) => `/licenses/${samples[name].licenseId}`;
const signedOut = { 'POST /v1/auth/refresh': problemAnswer('session_expired') };
const nobody = { ...signedOut, 'POST /v1/portal/sessions': problemAnswer('rate_limited', { 'retry-after': '45' }) };
const challenge = { challengeId: '7d1c6f0e-2f0a-4c59-9f3e-6b8a4c2d1e0f', expiresAt: '2099-03-01T12:10:00.000Z' };
const askForCode = async (page: Page): Promise<void> => {
  await page.getByLabel('License ID or e-mail address').fill('facility@building.example');
  await button(page, 'Continue').click();
};
const created = {
  'POST /v1/offline-activations': answer({ ...offlineActivation, licenseId: samples.ready.licenseId }, 201),
};

export const SCREENS: Screen[] = [
  { name: 'sign-in', path: '/sign-in', api: signedOut, heading: 'Sign in' },
  {
    name: 'code',
    path: '/sign-in',
    api: { ...signedOut, 'POST /v1/portal/challenges': answer(challenge, 202) },
    act: askForCode,
    heading: 'Enter the code',
  },
  {
    name: 'error',
    path: '/sign-in',
    api: nobody,
    act: async (page) => {
      await page.getByLabel('License ID or e-mail address').fill(samples.ready.licenseId);
      await button(page, 'Continue').click();
      await page.getByText('Too many tries').waitFor();
    },
    heading: 'Sign in',
  },
  { name: 'licenses', path: '/', heading: 'My licenses' },
  {
    name: 'licenses-empty',
    path: '/',
    api: { 'GET /v1/licenses': answer({ items: [], nextCursor: null }) },
    heading: 'My licenses',
  },
  { name: 'license-ready', path: license('ready'), heading: 'Device capacity, 1,000 devices' },
  { name: 'license-offline', path: license('offline'), heading: 'Device capacity, 200 devices' },
  { name: 'license-online', path: license('online'), heading: 'Device capacity, 200 devices' },
  { name: 'license-maintenance', path: license('maintenance'), heading: 'Maintenance, 1,000 devices' },
  { name: 'license-suspended', path: license('suspended'), heading: 'Device capacity, 200 devices' },
  { name: 'activate', path: `${license('ready')}/activate`, heading: 'Create activation file' },
  { name: 'activate-review', path: `${license('ready')}/activate`, act: toReview, heading: 'Check, then create' },
  {
    name: 'activate-refused',
    path: `${license('ready')}/activate`,
    api: { 'POST /v1/offline-activations': problemAnswer('license_in_use') },
    act: async (page) => {
      await create(page);
      await page.getByText('The license is on a SmartServer already').waitFor();
    },
    heading: 'Check, then create',
  },
  {
    name: 'activate-done',
    path: `${license('ready')}/activate`,
    api: created,
    act: create,
    heading: 'The file is ready',
  },
  {
    name: 'return',
    path: '/return',
    act: async (page) => {
      await chooseReceipt(page);
      await page.getByText('This receipt says').waitFor();
    },
    heading: 'Return licenses without Internet',
  },
  {
    name: 'not-found',
    path: '/elsewhere',
    heading: 'This page does not exist',
  },
];
