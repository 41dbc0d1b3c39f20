import { normalizeInstallCode } from '@smartserver/contracts';
import { actorWith, PARTNER, THING_ID } from '../../test/sample/app.ts';
import { actorReference, tenantOf } from './tenancy.ts';

const customerId = THING_ID;
const licenseId = THING_ID;
const installCode = normalizeInstallCode('0302e1c2a8f40011');

describe('the tenant of an actor', () => {
  test('is everything for staff only', () => {
    expect(tenantOf({ kind: 'staff', id: 's', scopes: [] })).toEqual({ kind: 'everything' });
  });

  test('is the partner for its users and its integrations alike', () => {
    const partner = { kind: 'partner', partnerId: PARTNER };
    expect(tenantOf(actorWith())).toEqual(partner);
    expect(tenantOf({ kind: 'api_client', id: 'c', scopes: [], partnerId: PARTNER })).toEqual(partner);
  });

  test('is the accounts and licenses that a customer’s sign-in names', () => {
    const actor = {
      kind: 'customer',
      id: 'k',
      scopes: [],
      customerIds: [customerId],
      licenseIds: [licenseId],
    } as const;
    expect(tenantOf(actor)).toEqual({ kind: 'customer', customerIds: [customerId], licenseIds: [licenseId] });
  });

  test('is one controller in one account for the CMS', () => {
    const actor = {
      kind: 'cms',
      id: 'x',
      scopes: [],
      partnerId: PARTNER,
      customerId,
      installCode,
      deviceKey: 'k',
    } as const;
    expect(tenantOf(actor)).toEqual({
      kind: 'controller',
      partnerId: PARTNER,
      customerId,
      installCode: '0302E1C2A8F40011',
      deviceKey: 'k',
    });
    expect(actorReference(actor)).toEqual({ kind: 'cms', id: 'x' });
  });
});
