import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, dataOf } from '@smartserver/client';
import type { CreateOrderRequest, Customer, InvitedUser, License } from '@smartserver/contracts';
import { say } from './say.ts';

const describe = (license: License): string => {
  const term = license.termYears ? `, ${license.termYears} years` : '';
  return `${license.licenseId}  ${license.kind}, ${license.deviceCount} devices${term}  ${license.status}`;
};

const list = (licenses: License[]) => {
  for (const license of licenses) say.fact(describe(license));
};

/** Customer Success creates a partner, invites its first user and adds a purchase. */
export async function customerSuccess(api: Api, staffToken: string) {
  say.step('Customer Success', 'creates a partner and invites its first user.');
  const name = `Demo Integrator ${new Date().toISOString().slice(0, 19)}`;
  const partner = await dataOf(api.as(staffToken).POST('/v1/partners', { body: { name } }));
  const email = `demo-${partner.partnerId.slice(0, 8)}@integrator.example`;
  const invited = await dataOf(
    api.as(staffToken).POST('/v1/partners/{partnerId}/users', {
      params: { path: { partnerId: partner.partnerId } },
      body: { email, role: 'admin' },
    }),
  );
  say.fact(`${partner.name}, user ${invited.email}`);

  say.step('Customer Success', 'adds the purchase PO-2022-0417 to the partner’s inventory.');
  const purchase: CreateOrderRequest = {
    partnerId: partner.partnerId,
    reference: 'PO-2022-0417',
    lines: [
      { kind: 'capacity', deviceCount: 1000, quantity: 1 },
      { kind: 'capacity', deviceCount: 200, quantity: 2 },
      { kind: 'maintenance', deviceCount: 1000, termYears: 3, quantity: 1 },
    ],
  };
  const order = await dataOf(api.as(staffToken).POST('/v1/orders', { body: purchase }));
  list(order.licenses);
  return { partner, invited, order };
}

/** The partner accepts the invitation and signs in. */
export async function partnerSignsIn(api: Api, invited: InvitedUser): Promise<string> {
  say.step('The partner', 'accepts the invitation, signs in and opens My Inventory.');
  const password = `demo-${crypto.randomUUID()}`;
  await dataOf(
    api.POST('/v1/auth/invitations/{token}/accept', {
      params: { path: { token: invited.invitationToken } },
      body: { password },
    }),
  );
  const { accessToken } = await dataOf(api.POST('/v1/auth/login', { body: { email: invited.email, password } }));
  const inventory = await dataOf(
    api.as(accessToken).GET('/v1/licenses', { params: { query: { place: 'inventory' } } }),
  );
  say.fact(`${inventory.items.length} licenses in My Inventory`);
  return accessToken;
}

/** The partner creates the customer/project and transfers the licenses to it. */
export async function partnerTransfers(api: Api, token: string, licenses: License[]): Promise<Customer> {
  say.step('The partner', 'creates a customer/project and a contact who is notified about its licenses.');
  const taken = await dataOf(
    api.as(token).GET('/v1/customers', { params: { query: { name: 'P2022-0208', limit: 200 } } }),
  );
  const name = taken.items.length === 0 ? 'P2022-0208' : `P2022-0208-${taken.items.length + 1}`;
  const customer = await dataOf(api.as(token).POST('/v1/customers', { body: { name } }));
  const contact = { email: 'facility@building.example', name: 'Facility Manager', language: 'en' as const };
  await dataOf(
    api.as(token).POST('/v1/customers/{customerId}/contacts', {
      params: { path: { customerId: customer.customerId } },
      body: contact,
    }),
  );
  say.fact(`${customer.name}: Customer ID ${customer.customerId}`);

  say.step('The partner', `transfers ${licenses.length} licenses to ${customer.name}.`);
  const licenseIds = licenses.map((license) => license.licenseId);
  await dataOf(api.as(token).POST('/v1/transfers', { body: { customerId: customer.customerId, licenseIds } }));
  list(
    (await dataOf(api.as(token).GET('/v1/licenses', { params: { query: { customerId: customer.customerId } } }))).items,
  );
  return customer;
}

/** The partner reads a license's history; the last move may still be on its way from the SmartServer. */
export async function partnerReadsHistory(api: Api, token: string, licenseId: string): Promise<void> {
  say.step('The partner', `looks at the history of license ${licenseId}.`);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { items } = await dataOf(
      api.as(token).GET('/v1/licenses/{licenseId}/history', { params: { path: { licenseId } } }),
    );
    if (items.some((entry) => entry.event === 'returned')) {
      const oldestFirst = [...items].sort((a, b) => a.at.localeCompare(b.at));
      for (const entry of oldestFirst) {
        say.fact(
          `${entry.at}  ${entry.event.padEnd(12)} by ${entry.actor.kind}${entry.installCode ? `  on ${entry.installCode}` : ''}`,
        );
      }
      return;
    }
    await sleep(100);
  }
  throw new Error('The return did not arrive in the license’s history within 10 s.');
}

/** The e-mails that the contact got. */
export async function partnerSeesNotifications(api: Api, token: string, customerId: string): Promise<void> {
  say.step('The contact', 'was notified by e-mail.');
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { items } = await dataOf(api.as(token).GET('/v1/notifications', { params: { query: { customerId } } }));
    if (items.length >= 2 && items.every((item) => item.outcome === 'sent')) {
      for (const item of items) say.fact(`${item.sentAt}  ${item.subject} → ${item.recipient}`);
      return;
    }
    await sleep(100);
  }
  throw new Error('The e-mails about the transfer and the activation were not sent within 10 s.');
}
