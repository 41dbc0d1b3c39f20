import type { Actor, Me } from '@smartserver/contracts';

/** What a token says about its owner. @param email of users only */
export const toMe = (actor: Actor, email: string | null): Me => ({
  kind: actor.kind,
  id: actor.id,
  scopes: [...actor.scopes],
  email,
  partnerId: 'partnerId' in actor ? actor.partnerId : null,
  role: actor.kind === 'partner_user' ? actor.role : null,
  customerId: actor.kind === 'cms' ? actor.customerId : null,
  installCode: actor.kind === 'cms' ? actor.installCode : null,
});
