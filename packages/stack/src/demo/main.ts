import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Api, createApi } from '@smartserver/client';
import type { Customer, Order } from '@smartserver/contracts';
import { signInStaff, staffLogin } from './logins.ts';
import { maintain } from './maintenance.ts';
import { licenseWithoutInternet } from './offline.ts';
import {
  customerSuccess,
  partnerReadsHistory,
  partnerSeesNotifications,
  partnerSignsIn,
  partnerTransfers,
} from './people.ts';
import { say } from './say.ts';
import { SmartServer } from './smartserver.ts';

type Journey = (
  api: Api,
  given: { url: string; staff: string; partner: string; customer: Customer; order: Order },
) => Promise<void>;

/** The whole job, from purchase to a license that moved onto a SmartServer and back, through the public API only. */
async function demo(journey: Journey, url: string, loginFile: string, invitation: string | undefined): Promise<void> {
  const api = createApi({ baseUrl: url });
  const staff = await signInStaff(api, await staffLogin(api, loginFile, invitation));
  const { invited, order } = await customerSuccess(api, staff);
  const partner = await partnerSignsIn(api, invited);
  const customer = await partnerTransfers(api, partner, order.licenses);
  await journey(api, { url, staff, partner, customer, order });
  console.log('\nThe job is done.');
}

/** The SmartServer reaches the cloud itself. */
const online: Journey = async (api, { url, staff, partner, customer, order }) => {
  const server = new SmartServer();
  try {
    say.step('The CMS Owner', 'enters the Customer ID on a SmartServer.');
    await server.cms(
      'link',
      '--url',
      url,
      '--install-code',
      server.installCode,
      '--customer-id',
      customer.customerId,
      '--segment-name',
      'Building 1',
    );
    say.step('The CMS', 'lists what the account has in the cloud.');
    await server.waitForAvailable(order.licenses.map((license) => license.licenseId));
    await server.cms('available');

    const [capacity, returned] = [order.licenses[0], order.licenses[1]];
    if (!capacity || !returned) throw new Error('The order has fewer licenses than it should.');
    say.step('The CMS Owner', 'downloads two licenses.');
    await server.cms('download', capacity.licenseId, returned.licenseId);
    say.step('The SmartServer', 'verifies its license document: root public key only, no network.');
    await server.cms('verify');
    say.step('The CMS Owner', 'transfers one license back to the cloud.');
    await server.cms('return', returned.licenseId);
    await server.cms('licenses');

    await partnerReadsHistory(api, partner, returned.licenseId);
    await partnerSeesNotifications(api, partner, customer.customerId);

    const maintenance = order.licenses.find((license) => license.kind === 'maintenance');
    if (!maintenance) throw new Error('The order has no maintenance license.');
    await maintain(api, { staff, partner, customer, server, maintenance });
  } finally {
    server.remove();
  }
};

/** The SmartServers have no Internet: a customer carries files between them and a browser. */
const offline: Journey = async (api, { partner, order }) => {
  const [license] = order.licenses;
  if (!license) throw new Error('The order has no license.');
  await licenseWithoutInternet(api, license.licenseId);
  await partnerReadsHistory(api, partner, license.licenseId);
};

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: process.env.GATEWAY_URL ?? 'http://127.0.0.1:8080' },
    'staff-invitation': { type: 'string' },
    offline: { type: 'boolean', default: false },
    logins: { type: 'string', default: resolve('.data/demo-staff.json') },
  },
});

demo(values.offline ? offline : online, values.url, values.logins, values['staff-invitation']).catch((error: Error) => {
  console.error(`\nThe demo stopped: ${error.message}`);
  process.exitCode = 1;
});
