import type { Actor, ActorReference } from '@smartserver/contracts';

/** What an actor may see, as the kinds of filter a service turns it into. Nothing outside of it exists for the actor. */
export type Tenant =
  | { kind: 'everything' }
  | { kind: 'partner'; partnerId: string }
  | { kind: 'customer'; customerIds: readonly string[]; licenseIds: readonly string[] }
  | { kind: 'controller'; partnerId: string; customerId: string; installCode: string; deviceKey: string };

/** [domain.md, "Who may do what"] */
export const tenantOf = (actor: Actor): Tenant => {
  switch (actor.kind) {
    case 'staff':
      return { kind: 'everything' };
    case 'partner_user':
    case 'api_client':
      return { kind: 'partner', partnerId: actor.partnerId };
    case 'customer':
      return { kind: 'customer', customerIds: actor.customerIds, licenseIds: actor.licenseIds };
    case 'cms':
      return {
        kind: 'controller',
        partnerId: actor.partnerId,
        customerId: actor.customerId,
        installCode: actor.installCode,
        deviceKey: actor.deviceKey,
      };
  }
};

/** How events and histories remember who did it. */
export const actorReference = (actor: Actor): ActorReference => ({ kind: actor.kind, id: actor.id });
