import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '@smartserver/client';
import type {
  AcceptedInvitation,
  AccessToken,
  Contact,
  Customer,
  InvitedUser,
  License,
  Order,
  OrderLine,
  Partner,
  PartnerRole,
  Transfer,
} from '@smartserver/contracts';
import { generateSync } from 'otplib';
import { Controller } from './controller.ts';

const PASSWORD = 'acceptance-password';

export type PartnerLogin = { partnerId: string; token: string };

/** Who acts in a test, each signed in through the public API as in life. */
export class People {
  readonly staff: string;
  private readonly api: ApiClient;

  private constructor(api: ApiClient, staff: string) {
    this.api = api;
    this.staff = staff;
  }

  static async signIn(api: ApiClient, inviteStaff: (email: string) => Promise<string>): Promise<People> {
    const email = `staff-${randomUUID()}@vendor.example`;
    const invitation = await inviteStaff(email);
    const accepted = await api.post<AcceptedInvitation>(`/v1/auth/invitations/${invitation}/accept`, {
      body: { password: PASSWORD },
    });
    if (!accepted.secondFactor) throw new Error('Staff without a second factor.');
    const otp = generateSync({ secret: accepted.secondFactor.secret });
    const { accessToken } = await api.post<AccessToken>('/v1/auth/login', { body: { email, password: PASSWORD, otp } });
    return new People(api, accessToken);
  }

  /** For a staff member who is signed in already. */
  static withStaffToken(api: ApiClient, staff: string): People {
    return new People(api, staff);
  }

  /** A new partner with one user of the role. */
  async partner(role: PartnerRole = 'admin'): Promise<PartnerLogin> {
    const body = { name: `Partner ${randomUUID()}` };
    const { partnerId } = await this.api.post<Partner>('/v1/partners', { token: this.staff, body });
    return { partnerId, token: await this.partnerUser(partnerId, role) };
  }

  async partnerUser(partnerId: string, role: PartnerRole): Promise<string> {
    const email = `user-${randomUUID()}@partner.example`;
    const invited = await this.api.post<InvitedUser>(`/v1/partners/${partnerId}/users`, {
      token: this.staff,
      body: { email, role },
    });
    await this.api.post(`/v1/auth/invitations/${invited.invitationToken}/accept`, { body: { password: PASSWORD } });
    return (await this.api.post<AccessToken>('/v1/auth/login', { body: { email, password: PASSWORD } })).accessToken;
  }

  async order(partnerId: string, lines: OrderLine[]): Promise<License[]> {
    const body = { partnerId, reference: `PO-${randomUUID()}`, lines };
    return (await this.api.post<Order>('/v1/orders', { token: this.staff, body })).licenses;
  }

  /** A customer of the partner, with that many contacts, and the contacts' addresses. */
  async customer(partner: PartnerLogin, contacts = 0): Promise<Customer & { emails: string[] }> {
    const token = partner.token;
    const customer = await this.api.post<Customer>('/v1/customers', { token, body: { name: `P-${randomUUID()}` } });
    const emails: string[] = [];
    for (let n = 1; n <= contacts; n += 1) {
      const email = `contact-${n}-${randomUUID()}@customer.example`;
      emails.push(email);
      const body = { email, name: `Contact ${n}` };
      await this.api.post<Contact>(`/v1/customers/${customer.customerId}/contacts`, { token, body });
    }
    return { ...customer, emails };
  }

  /** Capacity licenses that the customer may activate: bought, transferred, and arrived at activation. */
  async assignedLicenses(
    partner: PartnerLogin,
    customerId: string,
    quantity: number,
    deviceCount = 200,
  ): Promise<License[]> {
    const licenses: License[] = [];
    while (licenses.length < quantity) {
      const line = { kind: 'capacity' as const, deviceCount, quantity: Math.min(200, quantity - licenses.length) };
      const bought = await this.order(partner.partnerId, [line]);
      const body = { customerId, licenseIds: bought.map((license) => license.licenseId) };
      await this.api.post<Transfer>('/v1/transfers', { token: partner.token, body });
      licenses.push(...bought);
    }
    const witness = await this.controller(customerId);
    await until(async () => (await witness.countAvailable()) >= quantity, 'the licenses arrive at activation');
    return licenses;
  }

  /** A SmartServer with a key and an open session of its own. */
  controller(
    customerId: string,
    installCode = `0302${randomBytes(6).toString('hex').toUpperCase()}`,
  ): Promise<Controller> {
    return Controller.open(this.api, customerId, installCode);
  }
}

/** Waits for what another service learns by an event. Fails with what was waited for. */
export async function until(condition: () => Promise<boolean>, what: string, seconds = 20): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error(`Not within ${seconds} s: ${what}.`);
}
