import { ApiClient } from '@smartserver/client';
import type {
  AccessToken,
  Contact,
  Customer,
  License,
  LicenseKeys,
  Order,
  Partner,
  Transfer,
} from '@smartserver/contracts';
import { generateSync } from 'otplib';
import type { StaffLogin } from './processes.ts';

export type World = {
  api: ApiClient;
  customer: Customer;
  licenses: License[];
  rootPublicKey: string;
  /** The code of the next e-mail to the address that was not read yet. */
  codeFor(email: string): Promise<string>;
};

type Mail = { to: string[]; subject: string; text: string };

/** Customer Success sells, the partner's part is done by staff too: a customer with licenses and a contact. */
export const makeWorld = async (url: string, staff: StaffLogin, contacts: string[]): Promise<World> => {
  const api = new ApiClient({ baseUrl: url });
  const otp = generateSync({ secret: staff.otpSecret });
  const body = { email: staff.email, password: staff.password, otp };
  const { accessToken: token } = await api.post<AccessToken>('/v1/auth/login', { body });
  const post = <T>(path: string, content: object) => api.post<T>(path, { token, body: content });

  const { partnerId } = await post<Partner>('/v1/partners', { name: 'Integrator' });
  const customer = await post<Customer>('/v1/customers', { partnerId, name: 'P2022-0208' });
  const { customerId } = customer;
  for (const email of contacts) {
    await post<Contact>(`/v1/customers/${customerId}/contacts`, { email, name: 'Facility', language: 'en' });
  }
  const { licenses } = await post<Order>('/v1/orders', {
    partnerId,
    reference: 'PO-2022-0417',
    lines: [
      { kind: 'capacity', deviceCount: 1000, quantity: 1 },
      { kind: 'capacity', deviceCount: 200, quantity: 1 },
      { kind: 'maintenance', deviceCount: 1000, termYears: 3, quantity: 1 },
    ],
  });
  await post<Transfer>('/v1/transfers', { customerId, licenseIds: licenses.map(({ licenseId }) => licenseId) });
  const { root } = await api.get<LicenseKeys>('/v1/license-keys');

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
