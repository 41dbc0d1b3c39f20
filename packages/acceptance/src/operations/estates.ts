import type { TestSystem } from '../system/system.ts';
import { customerToken } from './customer-token.ts';
import { buildEstate, type Estate, type Stock } from './estate.ts';
import { Wire } from './http.ts';

const MUCH: Stock = { inventory: 190, assigned: 90, maintenance: 5, contacts: 20, clients: 8, invitations: 20 };
const LITTLE: Stock = { inventory: 3, assigned: 3, maintenance: 1, contacts: 2, clients: 1, invitations: 0 };

/** Two partners that know nothing of each other: one whose people act, and another who must not notice. */
export async function twoEstates(system: TestSystem): Promise<{ wire: Wire; estate: Estate; other: Estate }> {
  const api = system.api();
  const wire = new Wire(api.baseUrl);
  const people = await system.people();
  const { databases, secrets } = system;
  const tools = {
    api,
    send: wire.send,
    people,
    customerToken: (sees: { customerIds: string[]; licenseIds: string[] }) =>
      customerToken(databases.account, secrets.accountSecretKey, sees),
  };
  const [estate, other] = await Promise.all([buildEstate(tools, MUCH), buildEstate(tools, LITTLE)]);
  return { wire, estate, other };
}
