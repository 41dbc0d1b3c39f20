import { randomUUID } from 'node:crypto';
import { type Api, dataOf } from '@smartserver/client';
import { API_CLIENT_SCOPES, type ApiClientWithSecret, type InvitedUser } from '@smartserver/contracts';
import type { PartnerLogin, People } from '../system/people.ts';
import { type Account, buildAccount, buy, changeLicense, DEVICES, repeat } from './account.ts';
import { NARROW_SCOPES, type Tokens } from './actors.ts';
import type { Customers } from './customers.ts';
import type { Send } from './http.ts';
import { Pool, type Target } from './target.ts';
import { buildWebhooks } from './webhooks.ts';

/** How much of what requests use up is to be there. */
export type Stock = {
  inventory: number;
  assigned: number;
  maintenance: number;
  contacts: number;
  clients: number;
  invitations: number;
  endpoints: number;
};

export type Estate = {
  partner: PartnerLogin;
  tokens: Tokens;
  /** Client ID and secret of an API client. */
  client: ApiClientWithSecret;
  /** Of one of its users. */
  login: { email: string; password: string };
  /** Made when `moved` was the neighbour's. */
  formerChangeId: string;
  /** A code that is good for signing in to the portal; one in all. */
  challenge: () => Promise<{ challengeId: string; code: string }>;
  /** Token of a customer who knows this License ID. */
  signIn: (licenseId: string) => Promise<string>;
  own: Target;
  sibling: Target;
  /** As another partner names it: looked at, never used up. */
  foreign: Target;
  /** Texts that give away an answer about it: about the whole partner, and about the second account alone. */
  marks: { all: string[]; sibling: string[] };
};

type Tools = {
  api: Api;
  send: Send;
  people: People;
  customers: Customers;
  /** Where webhooks arrive. */
  receiver: string;
};

/** A partner with everything that the API knows, made through the API. */
export async function buildEstate(tools: Tools, stock: Stock): Promise<Estate> {
  const { api, people, customers, receiver } = tools;
  const partner = await people.partner('admin');
  const { partnerId } = partner;
  const [member, viewer, login, client, narrow, first, second] = await Promise.all([
    people.partnerUser(partnerId, 'member'),
    people.partnerUser(partnerId, 'viewer'),
    newUser(api, people.staff, partnerId),
    newApiClient(api, partner, [...API_CLIENT_SCOPES]),
    newApiClient(api, partner, NARROW_SCOPES),
    buildAccount(tools, partner, stock),
    buildAccount(tools, partner, { assigned: 2, contacts: 2 }),
  ]);
  const [inventory, maintenance, clients, invitations, webhooks] = await Promise.all([
    buy(people, partnerId, 'capacity', stock.inventory),
    buy(people, partnerId, 'maintenance', stock.maintenance),
    repeat(stock.clients, async () => (await newApiClient(api, partner, NARROW_SCOPES)).clientId),
    repeat(stock.invitations, async () => (await invite(api, people.staff, partnerId)).invitationToken),
    buildWebhooks(api, partner, receiver, stock.endpoints),
  ]);

  const moved = inventory.pop() ?? '';
  const send = (customerId: string) =>
    dataOf(api.as(partner.token).POST('/v1/transfers', { body: { customerId, licenseIds: [moved] } }));
  await send(second.customerId);
  const formerChangeId = await changeLicense(api, partner, moved, [4, DEVICES - 4]);
  await changeLicense(api, partner, moved);
  await send(first.customerId);

  const pools = {
    inventory: new Pool('license in the inventory', inventory),
    maintenance: new Pool('maintenance license', maintenance),
    clients: new Pool('API client', clients),
    invitations: new Pool('invitation', invitations),
    endpoints: new Pool('webhook endpoint', webhooks.endpoints),
  };
  const target = (kind: Target['kind'], account: Account, give: 'take' | 'look'): Target => ({
    kind,
    partnerId,
    customerId: account.customerId,
    contactId: account.contacts[give],
    inventory: pools.inventory[give],
    assigned: account.assigned[give],
    maintenance: pools.maintenance[give],
    active: account.active[0],
    returnable: account.active[1],
    moved: account === first ? moved : account.active[0],
    installCode: account.controller.installCode,
    changeId: account.changeId,
    offline: account.offline,
    clientId: pools.clients[give],
    invitation: pools.invitations[give],
    endpointId: pools.endpoints[give],
    webhook: webhooks.kept,
  });
  const siblingMarks = marksOf(second);
  const { kept } = webhooks;
  const marks = [partnerId, client.clientId, kept.endpointId, kept.deliveryId, ...marksOf(first)];
  return {
    partner,
    client,
    login,
    formerChangeId,
    signIn: (licenseId) => customers.withLicense(licenseId),
    challenge: () => customers.challenge(second.email),
    tokens: {
      nobody: null,
      staff: people.staff,
      admin: partner.token,
      member,
      viewer,
      client: await clientToken(tools.send, client),
      narrowClient: await clientToken(tools.send, narrow),
      customer: await customers.withCode(first.email),
      cms: first.controller.token,
    },
    own: target('own', first, 'take'),
    sibling: target('sibling', second, 'look'),
    foreign: target('foreign', first, 'look'),
    marks: { all: [...marks, ...inventory.slice(0, 20), ...siblingMarks], sibling: siblingMarks },
  };
}

const marksOf = ({ customerId, controller, changeId, active, offline }: Account): string[] => [
  customerId,
  controller.installCode,
  changeId,
  ...active,
  offline.id,
  offline.licenseId,
  offline.installCode,
];

const newApiClient = (api: Api, { token }: PartnerLogin, scopes: string[]): Promise<ApiClientWithSecret> =>
  dataOf(api.as(token).POST('/v1/api-clients', { body: { name: `Client ${randomUUID()}`, scopes } }));

const invite = (api: Api, staff: string, partnerId: string): Promise<InvitedUser> => {
  const body = { email: `user-${randomUUID()}@partner.example`, role: 'viewer' as const };
  return dataOf(api.as(staff).POST('/v1/partners/{partnerId}/users', { params: { path: { partnerId } }, body }));
};

const newUser = async (api: Api, staff: string, partnerId: string) => {
  const { email, invitationToken } = await invite(api, staff, partnerId);
  const password = randomUUID();
  await dataOf(
    api.POST('/v1/auth/invitations/{token}/accept', {
      params: { path: { token: invitationToken } },
      body: { password },
    }),
  );
  return { email, password };
};

const clientToken = async (send: Send, { clientId, clientSecret }: ApiClientWithSecret): Promise<string> => {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const { status, text } = await send({
    method: 'POST',
    path: '/v1/auth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  if (status !== 200) throw new Error(`No token for an API client: ${status} ${text}`);
  return (JSON.parse(text) as { access_token: string }).access_token;
};
