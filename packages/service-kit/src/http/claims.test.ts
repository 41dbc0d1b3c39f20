import { ACCESS_TOKEN, type Actor, normalizeInstallCode } from '@smartserver/contracts';
import { actorWith, PARTNER, THING_ID } from '../../test/sample/app.ts';
import { actorToClaims, claimsToActor } from './claims.ts';

describe('the claims of a token', () => {
  const customerId = THING_ID;
  test.each<Actor>([
    { kind: 'staff', id: 's', scopes: ['orders:write'] },
    actorWith(),
    { kind: 'api_client', id: 'c', scopes: [], partnerId: PARTNER },
    {
      kind: 'customer',
      id: 'k',
      scopes: ['licenses:read'],
      customerIds: [customerId],
      licenseIds: [THING_ID],
    },
    {
      kind: 'cms',
      id: 'x',
      scopes: ['activations:write'],
      partnerId: PARTNER,
      customerId,
      installCode: normalizeInstallCode('0302E1C2A8F40011'),
      deviceKey: 'thumb',
    },
  ])('are the actor again: $kind', (actor) => {
    expect(claimsToActor(actor.id, JSON.parse(JSON.stringify(actorToClaims(actor))))).toEqual(actor);
  });

  test('leave out scopes that do not exist', () => {
    const claims = { ...actorToClaims(actorWith(['licenses:read'])), scope: 'licenses:read everything constructor' };
    expect(claimsToActor('x', claims).scopes).toEqual(['licenses:read']);
  });

  test('name the issuer and type that are pinned', () => {
    expect(ACCESS_TOKEN).toMatchObject({ algorithm: 'EdDSA', type: 'at+jwt' });
  });
});
