import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, dataOf } from '@smartserver/client';
import type { Customer, License, OrderLine, PartnerRole } from '@smartserver/contracts';
import { generateSync } from 'otplib';
import { Controller } from './controller.ts';

const PASSWORD = 'acceptance-password';

export type PartnerLogin = { partnerId: string; token: string };

/** Who acts in a test, each signed in through the public API as in life. */
export class People {
  readonly staff: string;
  private readonly api: Api;

  private constructor(api: Api, staff: string) {
    this.api = api;
    this.staff = staff;
  }

  static async signIn(api: Api, inviteStaff: (email: string) => Promise<string>): Promise<People> {
    const email = `staff-${randomUUID()}@vendor.example`;
    const invitation = await inviteStaff(email);
    const accepted = await dataOf(
      api.POST('/v1/auth/invitations/{token}/accept', {
        params: { path: { token: invitation } },
        body: { password: PASSWORD },
      }),
    );
    if (!accepted.secondFactor) throw new Error('Staff without a second factor.');
    const otp = generateSync({ secret: accepted.secondFactor.secret });
    const { accessToken } = await dataOf(api.POST('/v1/auth/login', { body: { email, password: PASSWORD, otp } }));
    return new People(api, accessToken);
  }

  /** For a staff member who is signed in already. */
  static withStaffToken(api: Api, staff: string): People {
    return new People(api, staff);
  }

  /** A new partner with one user of the role. */
  async partner(role: PartnerRole = 'admin'): Promise<PartnerLogin> {
    const body = { name: `Partner ${randomUUID()}` };
    const { partnerId } = await dataOf(this.api.as(this.staff).POST('/v1/partners', { body }));
    return { partnerId, token: await this.partnerUser(partnerId, role) };
  }

  async partnerUser(partnerId: string, role: PartnerRole): Promise<string> {
    const email = `user-${randomUUID()}@partner.example`;
    const invited = await dataOf(
      this.api
        .as(this.staff)
        .POST('/v1/partners/{partnerId}/users', { params: { path: { partnerId } }, body: { email, role } }),
    );
    await dataOf(
      this.api.POST('/v1/auth/invitations/{token}/accept', {
        params: { path: { token: invited.invitationToken } },
        body: { password: PASSWORD },
      }),
    );
    return (await dataOf(this.api.POST('/v1/auth/login', { body: { email, password: PASSWORD } }))).accessToken;
  }

  async order(partnerId: string, lines: OrderLine[]): Promise<License[]> {
    const body = { partnerId, reference: `PO-${randomUUID()}`, lines };
    return (await dataOf(this.api.as(this.staff).POST('/v1/orders', { body }))).licenses;
  }

  /** A customer of the partner, with that many contacts, and the contacts' addresses. */
  async customer(partner: PartnerLogin, contacts = 0): Promise<Customer & { emails: string[] }> {
    const token = partner.token;
    const customer = await dataOf(this.api.as(token).POST('/v1/customers', { body: { name: `P-${randomUUID()}` } }));
    const emails: string[] = [];
    for (let n = 1; n <= contacts; n += 1) {
      const email = `contact-${n}-${randomUUID()}@customer.example`;
      emails.push(email);
      const body = { email, name: `Contact ${n}` };
      await dataOf(
        this.api
          .as(token)
          .POST('/v1/customers/{customerId}/contacts', { params: { path: { customerId: customer.customerId } }, body }),
      );
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
      await dataOf(this.api.as(partner.token).POST('/v1/transfers', { body }));
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
