import { randomUUID } from 'node:crypto';
import { type Api, dataOf } from '@smartserver/client';
import type { Contact, LicenseChange } from '@smartserver/contracts';
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
  { api, people }: { api: Api; people: People },
  partner: PartnerLogin,
  stock: { assigned: number; contacts: number },
): Promise<Account> {
  const { customerId } = await people.customer(partner);
  const [asking, ...contacts] = await repeat(stock.contacts + 1, () => addContact(api, partner, customerId));
  const bought = await buy(people, partner.partnerId, 'capacity', stock.assigned + 4);
  const { token } = partner;
  await dataOf(api.as(token).POST('/v1/transfers', { body: { customerId, licenseIds: bought } }));
  const controller = await people.controller(customerId);
  await until(async () => (await controller.countAvailable()) === bought.length, 'the licenses arrive at activation');
  const [one = '', other = '', split = '', offline = '', ...assigned] = bought;
  await controller.activate([one, other]);
  const changeId = await changeLicense(api, partner, split, [4, DEVICES - 4]);
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
  api: Api,
  { token }: PartnerLogin,
  licenseId: string,
  deviceCounts?: number[],
): Promise<string> => {
  const params = { path: { licenseId } };
  const { changeId }: LicenseChange = await dataOf(
    deviceCounts === undefined
      ? api.as(token).POST('/v1/licenses/{licenseId}/take-back', { params })
      : api.as(token).POST('/v1/licenses/{licenseId}/split', { params, body: { deviceCounts } }),
  );
  await until(async () => {
    const { status } = await dataOf(
      api.as(token).GET('/v1/license-changes/{changeId}', { params: { path: { changeId } } }),
    );
    return status === 'completed';
  }, 'the take-back or split is done');
  return changeId;
};

const addContact = async (api: Api, { token }: PartnerLogin, customerId: string): Promise<Contact> => {
  const body = { email: `contact-${randomUUID()}@customer.example`, name: 'Facility management' };
  return dataOf(api.as(token).POST('/v1/customers/{customerId}/contacts', { params: { path: { customerId } }, body }));
};

export const repeat = async <T>(times: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, make));

export const buy = async (people: People, partnerId: string, kind: 'capacity' | 'maintenance', quantity: number) => {
  const line = { kind, deviceCount: DEVICES, quantity, ...(kind === 'maintenance' ? { termYears: 1 } : {}) };
  return (await people.order(partnerId, [line])).map((license) => license.licenseId);
};

const activateOffline = async (api: Api, token: string, customerId: string, licenseId: string): Promise<Offline> => {
  const deviceKey = generateKey();
  const installCode = newInstallCode();
  const device = { deviceKey, installCode, customerId, createdAt: new Date() };
  const described = { segmentName: 'Pump house', softwareVersion: '4.40.012' };
  const requestFile = createRequestFile({ ...device, ...described, serial: 0, nonce: randomUUID() });
  const body = { licenseId, requestFile };
  const { offlineActivationId, serial } = await dataOf(api.as(token).POST('/v1/offline-activations', { body }));
  // A removal counts the serial on: the file is refused from then on.
  const removed = { licenseIds: [licenseId], serial: serial + 1, nonce: randomUUID() };
  const receipt = createReturnReceipt({ ...device, ...removed });
  return { id: offlineActivationId, licenseId, installCode, receipt };
};
