import { createApi, dataOf } from '@smartserver/client';
import { generateSync } from 'otplib';
import type { DataFolder } from './data-folder.ts';
import type { StaffLogin } from './demo/logins.ts';

/** What a person types to try the pages and the API. */
export type DemoLogins = { staff: StaffLogin; partner: { email: string; password: string } };

const STAFF_EMAIL = 'customer.success@enocean.example';
const PARTNER_EMAIL = 'admin@integrator.example';
const PASSWORD = 'demo-password-1';

/**
 * Demo logins, made once through the public API itself: an invitation for Customer Success, then a partner with its first user.
 *
 * @param inviteStaff makes the first staff invitation, as `create-staff` does
 */
export async function seed(
  folder: DataFolder,
  gatewayUrl: string,
  inviteStaff: (email: string) => Promise<string>,
): Promise<DemoLogins> {
  const kept = folder.read<DemoLogins>('demo-logins.json');
  if (kept) return kept;
  const api = createApi({ baseUrl: gatewayUrl });
  const accept = (token: string) =>
    dataOf(
      api.POST('/v1/auth/invitations/{token}/accept', { params: { path: { token } }, body: { password: PASSWORD } }),
    );

  const { secondFactor } = await accept(await inviteStaff(STAFF_EMAIL));
  if (!secondFactor) throw new Error('Customer Success must have a second factor.');
  const staff: StaffLogin = { email: STAFF_EMAIL, password: PASSWORD, otpSecret: secondFactor.secret };
  folder.write('demo-staff.json', staff);

  // The code of half a minute ago, which is accepted once too: the current one stays for whoever signs in next, the demo for one.
  const epoch = Math.floor(Date.now() / 1000) - 30;
  const body = { email: staff.email, password: staff.password, otp: generateSync({ secret: staff.otpSecret, epoch }) };
  const { accessToken: token } = await dataOf(api.POST('/v1/auth/login', { body }));
  const partner = await dataOf(api.as(token).POST('/v1/partners', { body: { name: 'Demo Integrator' } }));
  const invitation = { email: PARTNER_EMAIL, role: 'admin' as const };
  const invited = await dataOf(
    api
      .as(token)
      .POST('/v1/partners/{partnerId}/users', { params: { path: { partnerId: partner.partnerId } }, body: invitation }),
  );
  await accept(invited.invitationToken);

  const logins: DemoLogins = { staff, partner: { email: PARTNER_EMAIL, password: PASSWORD } };
  folder.write('demo-logins.json', logins);
  return logins;
}
