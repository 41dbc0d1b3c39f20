import { randomUUID } from 'node:crypto';
import type { ApiClient } from '@smartserver/client';
import type { Contact, LicenseChange, OfflineActivation, Transfer } from '@smartserver/contracts';
import { createRequestFile, createReturnReceipt, generateKey } from '@smartserver/license-document';
import type { Controller } from '../system/controller.ts';
import { type PartnerLogin, type People, until } from '../system/people.ts';
import { newInstallCode, Pool } from './target.ts';

/** Of each license. */
export const DEVICES = 10;

/** One of everything that is left alone, and stocks of what requests use up. */
export type Account = {
  customerId: string;
  controller: Controller;
  active: [string, string];
  assigned: Pool;
  contacts: Pool;
  /** A contact of this account alone. */
  email: string;
  changeId: string;
  offline: Offline;
};

/** A license on a SmartServer without Internet, and the receipt with which it could be returned. */
type Offline = { id: string; licenseId: string; installCode: string; receipt: string };

/** A customer with contacts and licenses, of which two are on its controller and one was split. */
export async function buildAccount(
  { api, people }: { api: ApiClient; people: People },
  partner: PartnerLogin,
  stock: { assigned: number; contacts: number },
): Promise<Account> {
  const { customerId } = await people.customer(partner);
  const [asking, ...contacts] = await repeat(stock.contacts + 1, () => addContact(api, partner, customerId));
  const bought = await buy(people, partner.partnerId, 'capacity', stock.assigned + 4);
  const { token } = partner;
  await api.post<Transfer>('/v1/transfers', { token, body: { customerId, licenseIds: bought } });
  const controller = await people.controller(customerId);
  await until(async () => (await controller.countAvailable()) === bought.length, 'the licenses arrive at activation');
  const [one = '', other = '', split = '', offline = '', ...assigned] = bought;
  await controller.activate([one, other]);
  const changeId = await changeLicense(api, partner, `${split}/split`, { deviceCounts: [4, DEVICES - 4] });
  return {
    customerId,
    controller,
    active: [one, other],
    assigned: new Pool('assigned license', assigned),
    contacts: new Pool(
      'contact',
      contacts.map(({ contactId }) => contactId),
    ),
    email: asking?.email ?? '',
    changeId,
    offline: await activateOffline(api, people.staff, customerId, offline),
  };
}

/** A split or take-back, to its end. */
export const changeLicense = async (
  api: ApiClient,
  { token }: PartnerLogin,
  what: string,
  body?: object,
): Promise<string> => {
  const path = `/v1/licenses/${what}`;
  const { changeId } = await api.post<LicenseChange>(path, { token, ...(body === undefined ? {} : { body }) });
  await until(async () => {
    const { status } = await api.get<LicenseChange>(`/v1/license-changes/${changeId}`, { token });
    return status === 'completed';
  }, `${what} is done`);
  return changeId;
};

const addContact = async (api: ApiClient, { token }: PartnerLogin, customerId: string): Promise<Contact> => {
  const body = { email: `contact-${randomUUID()}@customer.example`, name: 'Facility management' };
  return api.post(`/v1/customers/${customerId}/contacts`, { token, body });
};

export const repeat = async <T>(times: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, make));

export const buy = async (people: People, partnerId: string, kind: 'capacity' | 'maintenance', quantity: number) => {
  const line = { kind, deviceCount: DEVICES, quantity, ...(kind === 'maintenance' ? { termYears: 1 } : {}) };
  return (await people.order(partnerId, [line])).map((license) => license.licenseId);
};

const activateOffline = async (
  api: ApiClient,
  token: string,
  customerId: string,
  licenseId: string,
): Promise<Offline> => {
  const deviceKey = generateKey();
  const installCode = newInstallCode();
  const device = { deviceKey, installCode, customerId, createdAt: new Date() };
  const described = { segmentName: 'Pump house', softwareVersion: '4.40.012' };
  const requestFile = createRequestFile({ ...device, ...described, serial: 0, nonce: randomUUID() });
  const body = { licenseId, requestFile };
  const { offlineActivationId, serial } = await api.post<OfflineActivation>('/v1/offline-activations', { token, body });
  // A removal counts the serial on: the file is refused from then on.
  const removed = { licenseIds: [licenseId], serial: serial + 1, nonce: randomUUID() };
  const receipt = createReturnReceipt({ ...device, ...removed });
  return { id: offlineActivationId, licenseId, installCode, receipt };
};
