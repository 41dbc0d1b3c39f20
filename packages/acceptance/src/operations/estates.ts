import type { TestSystem } from '../system/system.ts';
import { Customers } from './customers.ts';
import { buildEstate, type Estate, type Stock } from './estate.ts';
import { Wire } from './http.ts';

const MUCH: Stock = {
  inventory: 190,
  assigned: 150,
  maintenance: 5,
  contacts: 20,
  clients: 8,
  invitations: 20,
  endpoints: 6,
};
const SOME: Stock = {
  inventory: 12,
  assigned: 20,
  maintenance: 3,
  contacts: 4,
  clients: 4,
  invitations: 4,
  endpoints: 3,
};
const LITTLE: Stock = {
  inventory: 3,
  assigned: 3,
  maintenance: 1,
  contacts: 2,
  clients: 1,
  invitations: 0,
  endpoints: 1,
};

/** Each request comes from an address of its own: what is counted by address is another test's matter. */
export const FROM_EVERYWHERE = { environment: { TRUSTED_PROXIES: 'loopback' } };

type Grounds = { wire: Wire; build: (stock: Stock) => Promise<Estate> };

async function groundsOf(system: TestSystem): Promise<Grounds> {
  const api = system.api();
  const wire = new Wire(api.baseUrl);
  const people = await system.people();
  const customers = new Customers(api, system.mail.messages);
  const tools = { api, send: wire.send, people, customers, receiver: system.hooks.url };
  return { wire, build: (stock) => buildEstate(tools, stock) };
}

/** A partner with all that requests can name. */
export async function oneEstate(system: TestSystem): Promise<{ wire: Wire; estate: Estate }> {
  const { wire, build } = await groundsOf(system);
  return { wire, estate: await build(SOME) };
}

/** Two partners that know nothing of each other: one whose people act, and another who must not notice. */
export async function twoEstates(system: TestSystem): Promise<{ wire: Wire; estate: Estate; other: Estate }> {
  const { wire, build } = await groundsOf(system);
  const [estate, other] = await Promise.all([build(MUCH), build(LITTLE)]);
  return { wire, estate, other };
}
