import { type Api, createApi, dataOf } from '@smartserver/client';
import type { DataFolder } from './data-folder.ts';
import { type StaffLogin, signInStaff } from './demo/logins.ts';

/** What a person types to try the pages and the API. */
export type DemoLogins = { staff: StaffLogin; partner: { email: string; password: string } };

const STAFF_EMAIL = 'customer.success@enocean.example';
const PARTNER_EMAIL = 'admin@integrator.example';
const PASSWORD = 'demo-password-1';
const MOST_ADDRESSES = 20;

/**
 * Demo logins, made once through the public API itself: an invitation for Customer Success, then a partner with its first user. A run
 * that was interrupted is continued by the next one: what it had made and not yet written down is made again, under another address.
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
  const staff = folder.read<StaffLogin>('demo-staff.json') ?? (await seedStaff(api, inviteStaff));
  folder.write('demo-staff.json', staff);
  const logins: DemoLogins = { staff, partner: await seedPartner(api, await signInStaff(api, staff, 'previous')) };
  folder.write('demo-logins.json', logins);
  return logins;
}

const accept = (api: Api, token: string) =>
  dataOf(
    api.POST('/v1/auth/invitations/{token}/accept', { params: { path: { token } }, body: { password: PASSWORD } }),
  );

async function seedStaff(api: Api, inviteStaff: (email: string) => Promise<string>): Promise<StaffLogin> {
  const { email, made: invitation } = await withFreeAddress(STAFF_EMAIL, inviteStaff);
  const { secondFactor } = await accept(api, invitation);
  if (!secondFactor) throw new Error('Customer Success must have a second factor.');
  return { email, password: PASSWORD, otpSecret: secondFactor.secret };
}

async function seedPartner(api: Api, staffToken: string): Promise<DemoLogins['partner']> {
  const staff = api.as(staffToken);
  const { partnerId } = await dataOf(staff.POST('/v1/partners', { body: { name: 'Demo Integrator' } }));
  const { email, made: invited } = await withFreeAddress(PARTNER_EMAIL, (address) => {
    const request = { params: { path: { partnerId } }, body: { email: address, role: 'admin' as const } };
    return dataOf(staff.POST('/v1/partners/{partnerId}/users', request));
  });
  await accept(api, invited.invitationToken);
  return { email, password: PASSWORD };
}

/** `name@domain`, or the first of `name-2@domain`, `name-3@domain` … that nobody has. */
async function withFreeAddress<T>(
  address: string,
  make: (email: string) => Promise<T>,
): Promise<{ email: string; made: T }> {
  for (let attempt = 1; ; attempt += 1) {
    const email = attempt === 1 ? address : address.replace('@', `-${attempt}@`);
    try {
      return { email, made: await make(email) };
    } catch (error) {
      if (!isTaken(error) || attempt === MOST_ADDRESSES) throw error;
    }
  }
}

/** From the API, from account in this process, or from its command. */
const isTaken = (error: unknown): boolean =>
  error instanceof Error && (('code' in error && error.code === 'email_taken') || /address exists/.test(error.message));
