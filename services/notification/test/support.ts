import type { EventPayloads } from '@smartserver/contracts';
import { normalizeInstallCode } from '@smartserver/contracts';
import { makeEvent, testIds } from '@smartserver/testing';
import type { Kysely } from 'kysely';
import type { Tables } from '../src/model/tables.ts';
import { createUnsubscribeLinks } from '../src/unsubscribe/link.ts';

const ids = testIds();

export const partnerA = '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7';
export const partnerB = '9a1e0c52-4d5f-4e36-9a4b-3d2f1c0b7e66';
export const customerA = '2133c667-af41-4518-94df-a2bb3b775330';
export const customerB = '71c3a4de-0f0b-4c7b-8d2e-5a6b7c8d9e0f';
export const installCode = normalizeInstallCode('0302E1C2A8F40011');
const licenseId = '8f3c1b1e-5c0e-4a52-9a7b-0d1e7c1b2a10';
export const maintenanceId = '6a7f3d0c-1b2e-4c5d-8e9f-0a1b2c3d4e5f';

export const anna = { email: 'anna@example.com', name: 'Anna Example', language: 'en' as const };
export const jens = { email: 'jens@example.com', name: 'Jens Müller', language: 'de' as const };

type Customer = EventPayloads['customer.changed.1'];

export const customerChanged = (change: Partial<Customer> = {}) =>
  makeEvent('customer.changed.1', {
    customerId: customerA,
    partnerId: partnerA,
    name: 'P2022-0208',
    contacts: [anna, jens],
    version: 1,
    ...change,
  });

export const transferred = (change: Partial<EventPayloads['licenses.transferred.1']> = {}) =>
  makeEvent('licenses.transferred.1', {
    transferId: ids.ordered(),
    partnerId: partnerA,
    customerId: customerA,
    customerVersion: 1,
    licenses: [{ licenseId, kind: 'capacity', deviceCount: 1000 }],
    ...change,
  });

export const activated = (change: Partial<EventPayloads['licenses.activated.1']> = {}) =>
  makeEvent('licenses.activated.1', {
    installCode,
    segmentName: 'Building 1',
    partnerId: partnerA,
    customerId: customerA,
    mode: 'online',
    licenses: [
      {
        licenseId,
        kind: 'capacity',
        deviceCount: 1000,
        activationId: ids.ordered(),
        activatedAt: '2026-03-01T12:00:00.000Z',
        startsAt: null,
        expiresAt: null,
        activationVersion: 1,
      },
    ],
    ...change,
  });

type License = EventPayloads['license.changed.1'];
type Move = EventPayloads['licenses.returned.1']['licenses'][number];

/** A maintenance license of 1000 devices and one year, in customer A's account. */
export const licenseChanged = (change: Partial<License> = {}) =>
  makeEvent('license.changed.1', {
    licenseId: maintenanceId,
    partnerId: partnerA,
    customerId: customerA,
    kind: 'maintenance',
    deviceCount: 1000,
    termYears: 1,
    renews: null,
    owner: 'customer',
    standing: 'good',
    note: '',
    firstActivatedAt: null,
    version: 1,
    ...change,
  });

type Place = Partial<Omit<EventPayloads['licenses.returned.1'], 'licenses'>>;

const moves = (licenses: Partial<Move>[], place: Place) => ({
  installCode,
  segmentName: 'Building 1',
  partnerId: partnerA,
  customerId: customerA,
  ...place,
  licenses: licenses.map((move) => ({
    licenseId: maintenanceId,
    kind: 'maintenance' as const,
    deviceCount: 1000,
    activationId: ids.ordered(),
    activatedAt: '2026-03-01T12:00:00.000Z',
    startsAt: '2026-03-01T12:00:00.000Z',
    expiresAt: '2027-03-01T12:00:00.000Z',
    activationVersion: 1,
    ...move,
  })),
});

export const movedOn = (licenses: Partial<Move>[], place: Place = {}) =>
  makeEvent('licenses.activated.1', { ...moves(licenses, place), mode: 'online' });

export const movedOff = (licenses: Partial<Move>[], place: Place = {}) =>
  makeEvent('licenses.returned.1', moves(licenses, place));

export const relinked = (customerIds: string[], change: Partial<EventPayloads['controller.relinked.1']> = {}) =>
  makeEvent('controller.relinked.1', { installCode, customerIds, at: '2026-03-01T12:00:00.000Z', ...change });

export const testLinks = createUnsubscribeLinks({
  secret: Buffer.alloc(32, 'secret of the tests'),
  publicUrl: 'https://licensing.example.com',
});

/** Every e-mail of a database, oldest first. */
export const allEmails = (db: Kysely<Tables>) => db.selectFrom('emails').selectAll().orderBy('email_id').execute();
