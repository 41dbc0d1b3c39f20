import { type Api, createApi, dataOf } from '@smartserver/client';
import type { CreateOrderRequest, Customer, License } from '@smartserver/contracts';
import { generateSync } from 'otplib';
import type { StaffLogin } from './processes.ts';

export type World = {
  api: Api;
  customer: Customer;
  licenses: License[];
  rootPublicKey: string;
  /** The code of the next e-mail to the address that was not read yet. */
  codeFor(email: string): Promise<string>;
};

type Mail = { to: string[]; subject: string; text: string };

/** Customer Success sells, the partner's part is done by staff too: a customer with licenses and a contact. */
export const makeWorld = async (url: string, staff: StaffLogin, contacts: string[]): Promise<World> => {
  const api = createApi({ baseUrl: url });
  const otp = generateSync({ secret: staff.otpSecret });
  const body = { email: staff.email, password: staff.password, otp };
  const { accessToken: token } = await dataOf(api.POST('/v1/auth/login', { body }));
  const staffApi = api.as(token);

  const { partnerId } = await dataOf(staffApi.POST('/v1/partners', { body: { name: 'Integrator' } }));
  const customer = await dataOf(staffApi.POST('/v1/customers', { body: { partnerId, name: 'P2022-0208' } }));
  const { customerId } = customer;
  for (const email of contacts) {
    const contact = { params: { path: { customerId } }, body: { email, name: 'Facility', language: 'en' as const } };
    await dataOf(staffApi.POST('/v1/customers/{customerId}/contacts', contact));
  }
  const order: CreateOrderRequest = {
    partnerId,
    reference: 'PO-2022-0417',
    lines: [
      { kind: 'capacity', deviceCount: 1000, quantity: 1 },
      { kind: 'capacity', deviceCount: 200, quantity: 1 },
      { kind: 'maintenance', deviceCount: 1000, termYears: 3, quantity: 1 },
    ],
  };
  const { licenses } = await dataOf(staffApi.POST('/v1/orders', { body: order }));
  const licenseIds = licenses.map(({ licenseId }) => licenseId);
  await dataOf(staffApi.POST('/v1/transfers', { body: { customerId, licenseIds } }));
  const { root } = await dataOf(api.GET('/v1/license-keys'));

  const read = new Map<string, number>();
  const codeFor = async (email: string): Promise<string> => {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const mails = (await (await fetch(new URL('/dev/mail.json', url))).json()) as Mail[];
      const codes = mails
        .filter(({ to }) => to.includes(email))
        .flatMap(({ text }) => / code is (\d{6})\./.exec(text)?.[1] ?? []);
      const code = codes[read.get(email) ?? 0];
      if (code !== undefined) {
        read.set(email, codes.length);
        return code;
      }
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error('no code was e-mailed within 10 s');
  };
  return { api, customer, licenses, rootPublicKey: root.publicKey, codeFor };
};
